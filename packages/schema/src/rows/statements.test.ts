import { describe, expect, it } from "vitest";
import { backend } from "../../test/database/provided.ts";
import { openTestProject, type TestProject } from "../project/testing.ts";
import type { Project } from "../types/index.ts";

/** The tables of the relational cases, section 13. */
function tables(project: Project<unknown>) {
  const lab = project.schema("lab");
  const P = lab.manual(
    "P",
    `
    id : int32
    ---
    name = '' : varchar(20)
    x = null : float64
    n = 5 : int32
    em = null : varchar(30)
    unique index (em)
  `,
  );
  const C = lab.manual(
    "C",
    `
    -> P
    cid : int16
    ---
    val : float32
  `,
    { P },
  );
  const G = lab.computed(
    "G",
    `
    -> P
    ---
    v : int32
  `,
    { P },
  );
  const Z = lab.manual(
    "Z",
    `
    ---
    v = 1 : int32
  `,
  );
  return { P, C, G, Z };
}

async function open(): Promise<TestProject & ReturnType<typeof tables>> {
  const test = await openTestProject();
  return { ...test, ...tables(test.project) };
}

const loose = (value: unknown): never => value as never;

describe("insert", () => {
  it("R-337: inserts one row, the rest by default", async () => {
    await using lab = await open();
    await lab.P.insertOne({ id: 1, name: "a" });
    expect(await lab.P.fetch()).toEqual([{ id: 1, name: "a", x: null, n: 5, em: null }]);
  });

  it("R-338: takes null for the default of an attribute", async () => {
    await using lab = await open();
    await lab.P.insertOne(loose({ id: 2, name: null, n: null }));
    expect(await lab.P.fetch()).toEqual([{ id: 2, name: "", x: null, n: 5, em: null }]);
  });

  it("R-339: refuses null for a key", async () => {
    await using lab = await open();
    await expect(lab.P.insertOne(loose({ id: null }))).rejects.toMatchObject({ code: "missing-attribute" });
  });

  it("R-340: inserts rows whose fields come in any order", async () => {
    await using lab = await open();
    const summary = await lab.P.insert([
      { id: 3, name: "c" },
      { name: "d", id: 4 },
    ]);
    expect(summary).toEqual({ inserted: 2, skipped: 0, uploaded: 0, deduplicated: 0, bytes: 0 });
    expect(await lab.P.orderBy("id").proj("name").fetch()).toEqual([
      { id: 3, name: "c" },
      { id: 4, name: "d" },
    ]);
  });

  it("R-341: refuses a key that is there", async () => {
    await using lab = await open();
    await lab.P.insertOne({ id: 1 });
    await expect(lab.P.insertOne({ id: 1 })).rejects.toMatchObject({ code: "duplicate" });
  });

  it("R-342: skips a key that is there on request", async () => {
    await using lab = await open();
    await lab.P.insertOne({ id: 1, name: "a" });
    const summary = await lab.P.insertOne({ id: 1, name: "zz" }, { skipDuplicates: true });
    expect(summary).toMatchObject({ inserted: 0, skipped: 1 });
    expect(await lab.P.fetchOne()).toMatchObject({ name: "a" });
  });

  it("R-343: replaces a row on request", async () => {
    await using lab = await open();
    await lab.P.insertOne({ id: 1, name: "a", x: 2 });
    await lab.P.insertOne({ id: 1, name: "zz" }, { replace: true });
    expect(await lab.P.fetchOne()).toMatchObject({ id: 1, name: "zz" });
    const both = lab.P.insertOne({ id: 1 }, { replace: true, skipDuplicates: true });
    await expect(both).rejects.toMatchObject({ code: "invalid-query" });
  });

  it("gives every column of a replaced row its default, whatever the other rows of the batch set", async () => {
    await using lab = await open();
    const old = { id: 1, name: "old", x: 2, n: 9, em: "e" };
    const reset = { id: 1, name: "", x: null, n: 5, em: null };
    await lab.P.insertOne(old);
    await lab.P.insert([{ id: 1 }], { replace: true });
    expect(await lab.P.fetch()).toEqual([reset]);
    await lab.P.insert([old, { id: 2, name: "two" }], { replace: true });
    await lab.P.insert([{ id: 1 }, { id: 2, name: "new" }], { replace: true });
    expect(await lab.P.orderBy("id").fetch()).toEqual([reset, { ...reset, id: 2, name: "new" }]);
  });

  it("R-344: refuses an unknown attribute, with the nearest name", async () => {
    await using lab = await open();
    await expect(lab.P.insertOne(loose({ id: 5, zz: 1 }))).rejects.toMatchObject({ code: "unknown-attribute" });
    await expect(lab.P.insertOne(loose({ id: 5, nmae: "x" }))).rejects.toMatchObject({ hint: 'did you mean "name"?' });
  });

  it("R-345: drops unknown attributes on request", async () => {
    await using lab = await open();
    await lab.P.insertOne(loose({ id: 5, zz: 1 }), { ignoreExtraFields: true });
    expect(await lab.P.keys()).toEqual([{ id: 5 }]);
  });

  it("R-346: takes rows with different fields, the missing ones by default", async () => {
    await using lab = await open();
    await lab.P.insert([{ id: 6 }, { id: 7, name: "q" }]);
    expect(await lab.P.orderBy("id").proj("name").fetch()).toEqual([
      { id: 6, name: "" },
      { id: 7, name: "q" },
    ]);
  });

  it("R-347: refuses an unknown attribute in any row, and inserts none of them", async () => {
    await using lab = await open();
    const rows = loose([{ id: 8 }, { id: 9, zz: 3 }]);
    await expect(lab.P.insert(rows)).rejects.toMatchObject({ code: "unknown-attribute", site: { row: 1 } });
    expect(await lab.P.count()).toBe(0);
  });

  it("R-348: inserts an iterable in batches", async () => {
    await using lab = await open();
    const ids = function* () {
      for (let id = 20; id < 25; id += 1) yield { id };
    };
    expect(await lab.P.insert(ids(), { batch: 2 })).toMatchObject({ inserted: 5 });
    expect(await lab.P.count()).toBe(5);
  });

  it("R-349: does nothing for no rows", async () => {
    await using lab = await open();
    expect(await lab.P.insert([])).toMatchObject({ inserted: 0 });
  });

  it("R-350: refuses a foreign key without its parent", async () => {
    await using lab = await open();
    await expect(lab.C.insertOne({ id: 999, cid: 1, val: 1 })).rejects.toMatchObject({ code: "integrity" });
  });

  it("names table and row of what the database refuses, also in the middle of a batch", async () => {
    await using lab = await open();
    await lab.P.insertOne({ id: 1, em: "e" });
    const twice = lab.P.insert([{ id: 2 }, { id: 3, em: "e" }, { id: 4 }]);
    await expect(twice).rejects.toMatchObject({
      code: "duplicate",
      message: expect.stringMatching(/^lab\.P, row 1: /),
    });
    const orphan = lab.C.insert([
      { id: 1, cid: 1, val: 1 },
      { id: 9, cid: 1, val: 1 },
    ]);
    await expect(orphan).rejects.toMatchObject({
      code: "integrity",
      message: expect.stringMatching(/^lab\.C, row 1: /),
    });
    const within = lab.project.transaction(() => lab.P.insert([{ id: 2 }, { id: 3 }, { id: 4, em: "e" }]));
    await expect(within).rejects.toThrow(/^lab\.P, row 2: /);
    expect(await lab.P.keys()).toEqual([{ id: 1 }]);
  });

  it("R-351: refuses a row without a required attribute", async () => {
    await using lab = await open();
    await lab.P.insertOne({ id: 1 });
    await expect(lab.C.insertOne(loose({ id: 1, cid: 1 }))).rejects.toMatchObject({
      code: "missing-attribute",
      site: { schema: "lab", table: "C", attribute: "val", row: 0 },
    });
  });

  it("R-352: refuses text for a number", async () => {
    await using lab = await open();
    const row = loose({ id: 1, cid: 1, val: "abc" });
    await expect(lab.C.insertOne(row)).rejects.toMatchObject({ name: "ValueError", code: "wrong-type" });
  });

  it("R-353: refuses a number out of range", async () => {
    await using lab = await open();
    await expect(lab.C.insertOne({ id: 1, cid: 99999, val: 1 })).rejects.toMatchObject({ code: "out-of-range" });
  });

  it("R-354: refuses an empty row where attributes are required", async () => {
    await using lab = await open();
    await expect(lab.C.insertOne(loose({}))).rejects.toMatchObject({ code: "missing-attribute" });
  });

  it("R-355: takes a list of values in the order of the heading", async () => {
    await using lab = await open();
    await lab.P.insertOne({ id: 1 });
    await lab.C.insertOne(loose([1, 1, 2.5]));
    expect(await lab.C.fetch()).toEqual([{ id: 1, cid: 1, val: 2.5 }]);
  });

  it("R-356: refuses a list of another length", async () => {
    await using lab = await open();
    await expect(lab.C.insertOne(loose([1, 1]))).rejects.toMatchObject({ code: "invalid-row" });
  });

  it("R-357: refuses rows for a computed table", async () => {
    await using lab = await open();
    await expect(lab.G.insertOne({ id: 1, v: 1 })).rejects.toMatchObject({ code: "invalid-query" });
  });

  it("R-358: takes rows for a computed table on request", async () => {
    await using lab = await open();
    await lab.P.insertOne({ id: 1 });
    await lab.G.insertOne({ id: 1, v: 1 }, { allowDirectInsert: true });
    expect(await lab.G.count()).toBe(1);
  });

  it("R-359: inserts the rows of a query", async () => {
    await using lab = await open();
    await lab.P.insert([{ id: 20 }, { id: 21, n: 7 }, { id: 22 }]);
    const source = lab.P.where({ id: { gt: 20 } }).proj({ v: "n" });
    await lab.G.insert(loose(source), { allowDirectInsert: true });
    expect(await lab.G.orderBy("id").fetch()).toEqual([
      { id: 21, v: 7 },
      { id: 22, v: 5 },
    ]);
  });

  it("R-360: refuses a query with other attributes", async () => {
    await using lab = await open();
    await lab.P.insertOne({ id: 21 });
    const source = lab.P.where({ id: { gt: 20 } });
    const inserting = lab.G.insert(loose(source), { allowDirectInsert: true });
    await expect(inserting).rejects.toMatchObject({ code: "unknown-attribute" });
  });

  it("R-361: inserts an empty row into a table without a key", async () => {
    await using lab = await open();
    await lab.Z.insertOne({});
    expect(await lab.Z.fetch()).toEqual([{ v: 1 }]);
  });

  it("R-362: refuses a second row of a table without a key", async () => {
    await using lab = await open();
    await lab.Z.insertOne({});
    await expect(lab.Z.insertOne({ v: 3 })).rejects.toMatchObject({ code: "duplicate" });
    expect(await lab.Z.fetch()).toEqual([{ v: 1 }]);
  });

  it("R-363: skips a second row of a table without a key on request", async () => {
    await using lab = await open();
    await lab.Z.insertOne({ v: 2 });
    expect(await lab.Z.insertOne({ v: 4 }, { skipDuplicates: true })).toMatchObject({ inserted: 0, skipped: 1 });
    expect(await lab.Z.insertOne({}, { skipDuplicates: true })).toMatchObject({ inserted: 0, skipped: 1 });
    expect(await lab.Z.fetch()).toEqual([{ v: 2 }]);
  });

  it("R-364: never skips a conflict of another unique index", async () => {
    await using lab = await open();
    await lab.P.insertOne({ id: 50, em: "e" });
    const second = lab.P.insertOne({ id: 51, em: "e" }, { skipDuplicates: true });
    await expect(second).rejects.toMatchObject({ code: "duplicate" });
  });
});

describe("updateOne", () => {
  it("R-365: changes the attributes given", async () => {
    await using lab = await open();
    await lab.P.insertOne({ id: 1, em: "e" });
    await lab.P.updateOne({ id: 1, name: "new", x: 3.5 });
    expect(await lab.P.fetchOne()).toEqual({ id: 1, name: "new", x: 3.5, n: 5, em: "e" });
  });

  it("R-366: takes null for the default", async () => {
    await using lab = await open();
    await lab.P.insertOne({ id: 1, name: "a", n: 9, em: "e" });
    await lab.P.updateOne(loose({ id: 1, name: null, n: null, em: null }));
    expect(await lab.P.fetchOne()).toEqual({ id: 1, name: "", x: null, n: 5, em: null });
  });

  it("gives an attribute back the default that the database computes", async () => {
    await using lab = await open();
    const Note = lab.project
      .schema("lab")
      .manual("Note", "id : int32\n---\nat = CURRENT_TIMESTAMP : datetime\nms = CURRENT_TIMESTAMP(3) : datetime(3)");
    await Note.insertOne({ id: 1, at: "2001-02-03T04:05:06", ms: "2001-02-03T04:05:06.789" });
    await Note.updateOne(loose({ id: 1, at: null, ms: null }));
    const note = await Note.fetchOne();
    // A bare datetime of PostgreSQL keeps the microseconds of its clock.
    expect(note.at).toMatch(/^20[2-9]\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?$/);
    expect(note.at.includes(".") && backend !== "postgresql").toBe(false);
    expect(note.ms).toMatch(/^20[2-9]\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/);
  });

  it("R-367: does nothing for a key alone", async () => {
    await using lab = await open();
    await lab.P.insertOne({ id: 1, name: "a" });
    await lab.P.updateOne({ id: 1 });
    expect(await lab.P.fetchOne()).toMatchObject({ name: "a" });
  });

  it("R-368: refuses a row without its key", async () => {
    await using lab = await open();
    await expect(lab.P.updateOne(loose({ name: "q" }))).rejects.toMatchObject({ code: "missing-attribute" });
  });

  it("R-369: refuses a key that is not there", async () => {
    await using lab = await open();
    await expect(lab.P.updateOne({ id: 12345, name: "q" })).rejects.toMatchObject({ code: "not-one-row" });
  });

  it("R-370: refuses an unknown attribute", async () => {
    await using lab = await open();
    await lab.P.insertOne({ id: 1 });
    await expect(lab.P.updateOne(loose({ id: 1, zzz: "q" }))).rejects.toMatchObject({ code: "unknown-attribute" });
  });

  it("names the table and the columns of a change that the database refuses", async () => {
    await using lab = await open();
    const { P } = lab;
    const L = lab.project.schema("lab").manual("L", "l : int32\n---\n-> [nullable] P", { P });
    await L.insertOne({ l: 1 });
    const updating = L.updateOne({ l: 1, id: 9 });
    await expect(updating).rejects.toMatchObject({
      code: "integrity",
      message: expect.stringMatching(/^lab\.L, changing id: /),
    });
  });

  it("R-371: is not there on a restricted table", async () => {
    await using lab = await open();
    expect("updateOne" in lab.P.where({ id: 1 })).toBe(false);
  });

  it("refuses undefined, which could mean two things", async () => {
    await using lab = await open();
    await lab.P.insertOne({ id: 1 });
    await expect(lab.P.updateOne(loose({ id: 1, name: undefined }))).rejects.toMatchObject({ code: "wrong-type" });
  });

  it("changes the one row of a table without a key", async () => {
    await using lab = await open();
    await expect(lab.Z.updateOne({ v: 3 })).rejects.toMatchObject({ code: "not-one-row" });
    await lab.Z.insertOne({});
    await lab.Z.updateOne({ v: 3 });
    expect(await lab.Z.fetch()).toEqual([{ v: 3 }]);
  });
});

describe("deleting quickly, which is deleting", () => {
  it("R-372: takes the rows that depend on a row with it", async () => {
    await using lab = await open();
    await lab.P.insertOne({ id: 1 });
    await lab.C.insertOne({ id: 1, cid: 1, val: 1 });
    expect(await lab.P.where({ id: 1 }).delete()).toBe(1);
    expect(await lab.C.count()).toBe(0);
  });

  it("R-373: returns how many rows went", async () => {
    await using lab = await open();
    await lab.P.insert([{ id: 8 }, { id: 9 }]);
    expect(await lab.P.where({ id: 9 }).delete()).toBe(1);
    expect(await lab.P.keys()).toEqual([{ id: 8 }]);
  });

  it("R-374: refuses a limited expression", async () => {
    await using lab = await open();
    await lab.P.insertOne({ id: 1 });
    await lab.C.insert([1, 2, 3].map((cid) => ({ id: 1, cid, val: 1 })));
    const limited = lab.C.limit(1) as unknown as { delete(): Promise<number> };
    await expect((async () => await limited.delete())()).rejects.toMatchObject({ code: "invalid-query" });
    expect(await lab.C.count()).toBe(3);
  });
});
