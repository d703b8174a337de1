import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { utf8Length } from "../keys/utf8.ts";
import { parseSections } from "../sections/parse-sections.ts";
import type { KeyAttribute } from "./key-value.ts";
import { type ObjectPathParts, objectPath } from "./object-path.ts";
import { parsePartition } from "./partition.ts";
import { clampTokenLength, createToken } from "./token.ts";

const int = (name: string, value: number): KeyAttribute => ({ name, type: { name: "int32" }, value });
const text = (name: string, value: string): KeyAttribute => ({ name, type: { name: "varchar" }, value });

interface Change extends Partial<ObjectPathParts> {
  readonly prefix?: string;
  readonly pattern?: string;
  readonly length?: number;
}

/** The base case of the list, with what the case changes. */
function path({ prefix = "_schema", pattern, length = 8, ...change }: Change): string {
  return objectPath({
    sections: parseSections({ schema_prefix: prefix }),
    partition: parsePartition(pattern),
    schema: "lab",
    table: "Recording",
    key: [int("subject_id", 1), int("session", 2)],
    field: "raw",
    token: "T".repeat(clampTokenLength(length)),
    extension: ".dat",
    ...change,
  });
}

const uuid = "12345678-1234-5678-1234-567812345678";
const recordingId: KeyAttribute = { name: "recording_id", type: { name: "uuid" }, value: uuid };
const seed: Change = {
  schema: "experiment",
  field: "zarr_scan",
  extension: ".zarr",
  token: "x8f2a9b1",
  pattern: "subject_id/session_date",
};

const cases: readonly (readonly [id: string, what: string, change: Change, expected: string])[] = [
  ["H01", "the base case", {}, "_schema/lab/Recording/subject_id=1/session=2/raw.TTTTTTTT.dat"],
  ["H02", "no extension", { extension: null }, "_schema/lab/Recording/subject_id=1/session=2/raw.TTTTTTTT"],
  ["H03", "zarr", { extension: "zarr" }, "_schema/lab/Recording/subject_id=1/session=2/raw.TTTTTTTT.zarr"],
  ["H04", ".tar.gz", { extension: ".tar.gz" }, "_schema/lab/Recording/subject_id=1/session=2/raw.TTTTTTTT.tar.gz"],
  ["H07", "no prefix", { prefix: "" }, "lab/Recording/subject_id=1/session=2/raw.TTTTTTTT.dat"],
  ["H08", "prefix /a/b/", { prefix: "/a/b/" }, "a/b/lab/Recording/subject_id=1/session=2/raw.TTTTTTTT.dat"],
  ["H09", "token length 2", { length: 2 }, "_schema/lab/Recording/subject_id=1/session=2/raw.TTTT.dat"],
  ["H10", "token length 20", { length: 20 }, `_schema/lab/Recording/subject_id=1/session=2/raw.${"T".repeat(16)}.dat`],
  ["H11", "{subject_id}", { pattern: "{subject_id}" }, "_schema/subject_id=1/lab/Recording/session=2/raw.TTTTTTTT.dat"],
  [
    "H12",
    "{session}/{subject_id}",
    { pattern: "{session}/{subject_id}" },
    "_schema/session=2/subject_id=1/lab/Recording/raw.TTTTTTTT.dat",
  ],
  [
    "H13",
    "subject_id/session",
    { pattern: "subject_id/session" },
    "_schema/subject_id=1/session=2/lab/Recording/raw.TTTTTTTT.dat",
  ],
  [
    "H14",
    "{nope}/{session}, all or nothing",
    { pattern: "{nope}/{session}" },
    "_schema/lab/Recording/subject_id=1/session=2/raw.TTTTTTTT.dat",
  ],
  [
    "H18",
    "{ subject_id }",
    { pattern: "{ subject_id }" },
    "_schema/subject_id=1/lab/Recording/session=2/raw.TTTTTTTT.dat",
  ],
  ["H19", "an empty key", { key: [] }, "_schema/lab/Recording/raw.TTTTTTTT.dat"],
  [
    "H20",
    "text and date",
    { key: [text("s", "a/b"), { name: "d", type: { name: "date" }, value: "2024-01-15" }] },
    "_schema/lab/Recording/s=a%2Fb/d=2024-01-15/raw.TTTTTTTT.dat",
  ],
  ["H21", "a lookup table", { table: "LookMe" }, "_schema/lab/LookMe/subject_id=1/session=2/raw.TTTTTTTT.dat"],
  ["H22", "a computed table", { table: "CompThing" }, "_schema/lab/CompThing/subject_id=1/session=2/raw.TTTTTTTT.dat"],
  ["H23", "a part", { table: "Master.Part" }, "_schema/lab/Master.Part/subject_id=1/session=2/raw.TTTTTTTT.dat"],
  [
    "H24",
    "a part in a staged insert, which has the same parts",
    { table: "Master.Part", extension: null },
    "_schema/lab/Master.Part/subject_id=1/session=2/raw.TTTTTTTT",
  ],
  [
    "H25",
    "the row of the seed",
    {
      ...seed,
      key: [
        text("subject_id", "042"),
        { name: "session_date", type: { name: "date" }, value: "2024-01-15" },
        recordingId,
      ],
    },
    `_schema/subject_id=042/session_date=2024-01-15/experiment/Recording/recording_id=${uuid}/zarr_scan.x8f2a9b1.zarr`,
  ],
  [
    "H26",
    "the row of the seed in a table without these attributes",
    { ...seed, key: [recordingId] },
    `_schema/experiment/Recording/recording_id=${uuid}/zarr_scan.x8f2a9b1.zarr`,
  ],
  [
    "H27",
    "the order of the heading, which the caller gives",
    { key: [int("subject_id", 1), int("session", 2)] },
    "_schema/lab/Recording/subject_id=1/session=2/raw.TTTTTTTT.dat",
  ],
  [
    "H28",
    "an update, which gives the same key as the insert",
    { extension: null },
    "_schema/lab/Recording/subject_id=1/session=2/raw.TTTTTTTT",
  ],
];

describe("objectPath", () => {
  it.each(cases)("%s: %s", (_id, _what, change, expected) => {
    expect(path(change)).toBe(expected);
  });

  it("H05: refuses the extension .", () => {
    expect(() => path({ extension: "." })).toThrow("no file extension");
  });

  it("H06: refuses an extension with a path", () => {
    expect(() => path({ extension: "/../../../evil" })).toThrow("no file extension");
  });

  it.each([
    ["H15", "{subject_id}/{subject_id}", 'names "subject_id" twice'],
    ["H16", "x={subject_id}-y", "no attribute name"],
    ["H17", "{subject_id:04d}", "no attribute name"],
  ])("%s: refuses the pattern %s", (_id, pattern, reason) => {
    expect(() => path({ pattern })).toThrow(reason);
  });

  it("H29: draws 10 000 tokens of lower-case letters and digits in the length asked for, and none twice", () => {
    const tokens = Array.from({ length: 10_000 }, () => createToken(8));
    for (const token of tokens) expect(token).toMatch(/^[a-z0-9]{8}$/);
    expect(new Set(tokens).size).toBe(tokens.length);
    expect(new Set(tokens.join("")).size).toBe(36);
    expect([createToken(1).length, createToken().length, createToken(99).length]).toEqual([4, 8, 16]);
  });

  it.each(["a//b", "/a", "a b", "1a", "a/{b}c", 5])("refuses the pattern %j", (pattern) => {
    expect(() => parsePartition(pattern)).toThrow("partition_pattern");
  });

  it.each([null, undefined, "", " "])("takes the pattern %j as none", (pattern) => {
    expect(parsePartition(pattern)).toEqual([]);
  });

  it("leaves out attributes that the database fills in, and does not partition by them", () => {
    const key = [int("subject_id", 1), { name: "session", type: { name: "int32" }, value: undefined }];
    expect(path({ key })).toBe("_schema/lab/Recording/subject_id=1/raw.TTTTTTTT.dat");
    expect(path({ key, pattern: "session" })).toBe("_schema/lab/Recording/subject_id=1/raw.TTTTTTTT.dat");
  });

  it("refuses a schema of the legacy layout that is named like the prefix of another section", () => {
    const sections = parseSections({ schema_prefix: "", hash_prefix: "lab" });
    expect(() => path({ sections })).toThrow("would lie in the hash section");
    expect(() => path({ prefix: "", schema: "_mortise" })).toThrow("would lie in the mortise section");
  });

  it("refuses names that are more than one folder", () => {
    expect(() => path({ table: "../x" })).toThrow("table name");
    expect(() => path({ field: "a/b" })).toThrow("attribute name");
  });

  it("leaves room inside a folder object however long the key is", () => {
    const value = fc.string({ unit: "grapheme", maxLength: 200 });
    fc.assert(
      fc.property(fc.array(value, { maxLength: 9 }), (values) => {
        const key = values.map((long, index) => text(`attribute_${index}`, long));
        expect(utf8Length(path({ key }))).toBeLessThanOrEqual(640);
      }),
    );
  });
});
