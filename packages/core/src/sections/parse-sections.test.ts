import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isMortiseError } from "../errors.ts";
import { checkSections, parseSections } from "./parse-sections.ts";

describe("parseSections", () => {
  it.each([
    ["C01", "_hash", "_hash", undefined],
    ["C02", "a", "a/b", undefined],
    ["C03", "a/b", "a", undefined],
    ["C04", "/a/", "a", undefined],
    ["C07", "_hash", "_schema", "_hash/x"],
    ["C09", "a//b", "a/b", undefined],
    ["C10", "./a", "a", undefined],
  ])(
    "%s: refuses hash_prefix %j, schema_prefix %j, filepath_prefix %j as overlapping",
    (_id, hash, schema, filepath) => {
      const spec = { hash_prefix: hash, schema_prefix: schema, filepath_prefix: filepath };
      expect(() => parseSections(spec)).toThrow(/prefix .* and .*prefix .* overlap/);
    },
  );

  it.each([
    ["C05", "a", "ab", undefined],
    ["C06", "managed/blobs", "managed/arrays", "imported"],
  ])("%s: takes hash_prefix %j, schema_prefix %j, filepath_prefix %j", (_id, hash, schema, filepath) => {
    const sections = parseSections({ hash_prefix: hash, schema_prefix: schema, filepath_prefix: filepath });
    expect(sections).toMatchObject({ hash, schema });
    expect(sections.filepath).toBe(filepath);
  });

  it("C08: normalises a slash at the end away", () => {
    expect(parseSections({ hash_prefix: "_hash", schema_prefix: "_schema", filepath_prefix: "raw/" }).filepath).toBe(
      "raw",
    );
  });

  it("C11: refuses a hash_prefix that is only a slash", () => {
    expect(() => parseSections({ hash_prefix: "/", schema_prefix: "_schema" })).toThrow('hash_prefix "/" is empty');
  });

  it("C12: refuses an empty hash_prefix", () => {
    expect(() => parseSections({ hash_prefix: "", schema_prefix: "x" })).toThrow('hash_prefix "" is empty');
  });

  it("C13: takes an empty schema_prefix as the legacy layout, without the hash section in it", () => {
    const sections = parseSections({ hash_prefix: "_hash", schema_prefix: "" });
    expect(sections.schema).toBe("");
    expect(sections.sectionOf("lab/recording/raw_x")).toBe("schema");
    expect(sections.sectionOf("_hash/lab/x")).toBe("hash");
    expect(sections.sectionOf("_mortise/store.json")).toBe("mortise");
    expect(parseSections({ schema_prefix: "", filepath_prefix: "raw" }).sectionOf("raw/x")).toBe("filepath");
  });

  it("C14: takes null as the default", () => {
    expect(parseSections({ hash_prefix: null, schema_prefix: "x" }).hash).toBe("_hash");
    expect(parseSections({ schema_prefix: null }).schema).toBe("_schema");
  });

  it("C15: compares with the case of the store", () => {
    const spec = { hash_prefix: "A", schema_prefix: "a" };
    expect(parseSections(spec).sectionOf("a/x")).toBe("schema");
    expect(() => parseSections(spec, { caseSensitive: false })).toThrow("overlap");
    expect(parseSections({}, { caseSensitive: false }).sectionOf("_HASH/x")).toBe("hash");
  });

  it("C16: refuses a prefix with ..", () => {
    expect(() => parseSections({ hash_prefix: "a/../b", schema_prefix: "b" })).toThrow('segment ".."');
  });

  it.each(["a\\b", "a\0b", "a\nb", 5, ["x"]])("refuses %j as a prefix", (value) => {
    expect(() => parseSections({ filepath_prefix: value })).toThrow("filepath_prefix");
  });

  it.each(["hash_prefix", "schema_prefix", "filepath_prefix"])("refuses %s inside _mortise", (key) => {
    expect(() => parseSections({ [key]: "_mortise" })).toThrow("reserves");
    expect(() => parseSections({ [key]: "/_mortise/x" })).toThrow("reserves");
    expect(() => parseSections({ [key]: "_Mortise" }, { caseSensitive: false })).toThrow("reserves");
    expect(parseSections({ [key]: "_mortises" })).toBeDefined();
  });

  it("reports every problem at once", () => {
    const { sections, problems } = checkSections({
      hash_prefix: "",
      schema_prefix: "a\\b",
      filepath_prefix: "_mortise",
    });
    expect(sections).toBeUndefined();
    expect(problems.map((problem) => problem.key)).toEqual(["hash_prefix", "schema_prefix", "filepath_prefix"]);
  });

  it("throws a configuration error with the problems", () => {
    expect.assertions(2);
    try {
      parseSections({ hash_prefix: "" });
    } catch (error) {
      expect(isMortiseError(error, "invalid-store")).toBe(true);
      expect(error).toMatchObject({ problems: [{ key: "hash_prefix" }] });
    }
  });

  it("says by segment which section a key lies in", () => {
    const sections = parseSections({});
    expect(sections.sectionOf("_hash")).toBe("hash");
    expect(sections.sectionOf("_hash/x")).toBe("hash");
    expect(sections.sectionOf("_hashes/x")).toBe("filepath");
    expect(sections.sectionOf("_schema/lab/x")).toBe("schema");
    expect(sections.sectionOf("raw/x")).toBe("filepath");
    expect(sections.sectionOf("_mortise/staging/x")).toBe("mortise");
  });

  it("never yields sections that contain one another", () => {
    const prefix = fc.array(fc.constantFrom("a", "b", "", ".", ".."), { maxLength: 4 }).map((parts) => parts.join("/"));
    fc.assert(
      fc.property(prefix, prefix, prefix, (hash, schema, filepath) => {
        const { sections } = checkSections({ hash_prefix: hash, schema_prefix: schema, filepath_prefix: filepath });
        if (sections === undefined) return;
        expect(sections.sectionOf(sections.hash)).toBe("hash");
        if (sections.schema !== "") expect(sections.sectionOf(sections.schema)).toBe("schema");
        if (sections.filepath !== undefined) expect(sections.sectionOf(sections.filepath)).toBe("filepath");
      }),
    );
  });
});
