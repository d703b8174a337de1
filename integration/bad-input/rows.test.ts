import { mkdir, symlink, writeFile } from "node:fs/promises";
import { isMortiseError } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { createLab, type Lab, type LabProject } from "../support/lab.ts";

const definition = `
  id : int32
  ---
  samples = null : <blob@>
  file = null    : <object@>
  managed = null : <filepath@>
  attached = null : <attach@>
  count = 0      : int16
  label = ""     : varchar(8)
` as const;

const define = (project: LabProject) => project.schema("lab").manual("Item", definition);
type Item = ReturnType<typeof define>;

interface Refusal {
  readonly what: string;
  readonly row: Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[];
  /** What the message must name. */
  readonly names: RegExp;
}

const good = new Float32Array([1, 2, 3]);

const refusals: readonly Refusal[] = [
  { what: "text for an integer", row: { id: "7" }, names: /id.*int32|int32.*id/is },
  { what: "a number beyond the type", row: { id: 1, count: 70_000 }, names: /count/ },
  { what: "text that is too long", row: { id: 1, label: "ninechars" }, names: /label/ },
  { what: "a missing key", row: { label: "x" }, names: /id/ },
  { what: "an unknown attribute", row: { id: 1, lable: "x" }, names: /lable[\s\S]*label/ },
  { what: "two rows with one key", row: [{ id: 1 }, { id: 1 }], names: /id/ },
  { what: "a source file that does not exist", row: { id: 1, file: "/nowhere/at/all.bin" }, names: /nowhere/ },
  { what: "an attachment that does not exist", row: { id: 1, attached: "/nowhere/at/all.bin" }, names: /nowhere/ },
  {
    what: "a value that the blob format has no type for",
    row: { id: 1, samples: Symbol("x") },
    names: /samples|symbol/i,
  },
  { what: "a file path that leaves the store", row: { id: 1, managed: "../secret" }, names: /\.\./ },
  { what: "an absolute file path outside the store", row: { id: 1, managed: "/etc/passwd" }, names: /etc\/passwd/ },
  { what: "a file path in the hash section", row: { id: 1, managed: "_hash/lab/x" }, names: /_hash/ },
  { what: "a file path in the schema section", row: { id: 1, managed: "_schema/lab/x" }, names: /_schema/ },
  { what: "a file path in Mortise's own section", row: { id: 1, managed: "_mortise/store.json" }, names: /_mortise/ },
  { what: "a managed file that does not exist", row: { id: 1, managed: "user/none.bin" }, names: /none\.bin/ },
];

async function nothingWritten(lab: Lab, table: Item): Promise<void> {
  expect(await table.count()).toBe(0);
  expect(await lab.objects()).toEqual([]);
}

describe.concurrent("bad rows", () => {
  it.each(refusals)(
    "refuses $what before anything is written, good rows of the batch included",
    async ({ row, names }) => {
      await using lab = await createLab();
      await using project = await lab.open();
      const table = define(project);
      const rows = [{ id: 100, samples: good, file: new Uint8Array(10) }, ...(Array.isArray(row) ? row : [row])];
      const error: unknown = await table.insert(rows as never).catch((reason: unknown) => reason);
      expect(isMortiseError(error), String(error)).toBe(true);
      expect(String(error)).toMatch(names);
      await nothingWritten(lab, table);
    },
  );

  it("refuses a row whose key is in the table already, and leaves that row as it is", async () => {
    await using lab = await createLab();
    await using project = await lab.open();
    const table = define(project);
    await table.insertOne({ id: 1, label: "first" });
    const error: unknown = await table
      .insertOne({ id: 1, label: "second", file: new Uint8Array(3) })
      .catch((e: unknown) => e);
    expect(isMortiseError(error, "duplicate"), String(error)).toBe(true);
    expect((await table.fetchOne()).label).toBe("first");
    expect(await lab.objects()).toEqual([]);
  });

  it("refuses a file path through a link that leads out of the store", async () => {
    await using lab = await createLab();
    await mkdir(lab.path("outside"));
    await writeFile(lab.path("outside", "secret.bin"), "secret");
    await symlink(lab.path("outside"), lab.path("main", "link"));
    await using project = await lab.open();
    const table = define(project);
    const error: unknown = await table.insertOne({ id: 1, managed: "link/secret.bin" }).catch((e: unknown) => e);
    expect(isMortiseError(error), String(error)).toBe(true);
    expect(await table.count()).toBe(0);
  });

  it("refuses unknown attributes and undefined in a restriction, so that it can't vanish", async () => {
    await using lab = await createLab();
    await using project = await lab.open();
    const table = define(project);
    await table.insertOne({ id: 1 });
    for (const restriction of [{ idd: 1 }, { id: undefined }, "id = 1"]) {
      const error: unknown = await (async () => await table.where(restriction as never).fetch())().catch(
        (e: unknown) => e,
      );
      expect(isMortiseError(error, "invalid-restriction"), String(error)).toBe(true);
    }
    const error: unknown = await (async () => await table.delete())().catch((e: unknown) => e);
    expect(isMortiseError(error), String(error)).toBe(true);
    expect(await table.count()).toBe(1);
  });

  it("names the package to install for an unknown codec", async () => {
    await using lab = await createLab();
    await using project = await lab.open();
    const schema = project.schema("lab");
    const declare = async (type: string): Promise<unknown> => {
      const text: string = `id : int32\n---\nvalue : ${type}`;
      return await schema.manual("Odd", text).count();
    };
    await expect(declare("<npy@>")).rejects.toThrow(/npy/);
    const error: unknown = await declare("<npy@>").catch((e: unknown) => e);
    expect(String(error)).toContain("@mortise/codec-npy");
    await expect(declare("<nope@>")).rejects.toThrow(/nope/);
  });

  it("refuses a store that is not configured when a row is inserted, and names those that are", async () => {
    await using lab = await createLab();
    await using project = await lab.open();
    const table = project.schema("lab").manual("Away", "id : int32\n---\nvalue : <blob@elsewhere>");
    const error: unknown = await table.insertOne({ id: 1, value: good }).catch((e: unknown) => e);
    expect(isMortiseError(error, "unknown-store"), String(error)).toBe(true);
    expect(String(error)).toMatch(/elsewhere[\s\S]*main/);
    expect(await lab.objects()).toEqual([]);
  });
});
