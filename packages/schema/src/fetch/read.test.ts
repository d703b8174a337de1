import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Lab, openLab } from "../../test/lab.ts";
import { openTestProject } from "../../test/test-project.ts";
import { sql } from "../query/index.ts";
import type { AnyHeading, Query } from "../types/index.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab[Symbol.asyncDispose]());

describe("counting and testing", () => {
  const counts: readonly (readonly [string, string, (lab: Lab) => Query<AnyHeading>, number])[] = [
    ["R-278", "a table", ({ Subject }) => Subject, 4],
    ["R-279", "a restricted table", ({ Session }) => Session.where(sql`session=1`), 3],
    ["R-280", "a join", ({ Subject, Session }) => Subject.proj().join(Session) as Query<AnyHeading>, 4],
    ["R-282", "a limited query", ({ Session }) => Session.limit(3), 3],
  ];
  it.each(counts)("%s: count of %s", async (_id, _what, query, expected) => {
    expect(await query(lab).count()).toBe(expected);
  });

  it("R-284: exists is true where a row matches", async () => {
    expect(await lab.Subject.where(sql`subject_id=1`).exists()).toBe(true);
  });

  it("R-285: exists honours a limit of no rows", async () => {
    expect(await lab.Subject.limit(0).exists()).toBe(false);
  });

  it("R-286: exists is false for a key that is not there", async () => {
    expect(await lab.Subject.where({ subject_id: 9 }).exists()).toBe(false);
  });
});

describe("fetching", () => {
  it("R-287: keys", async () => {
    const keys = await lab.Session.keys();
    expect(keys).toHaveLength(4);
    expect(keys).toContainEqual({ subject_id: 3, session: 1 });
  });

  it("R-288: one column of one row", async () => {
    expect(await lab.Subject.where(sql`subject_id=1`).proj("name").fetchOne()).toEqual({ subject_id: 1, name: "Ann" });
  });

  it("R-289: the key of one row", async () => {
    expect(await lab.Subject.where(sql`subject_id=1`).keys()).toEqual([{ subject_id: 1 }]);
  });

  it.each([
    ["R-290", "several rows", (t: Lab) => t.Session.where(sql`session=1`)],
    ["R-291", "no row", (t: Lab) => t.Subject.where(sql`subject_id=9`)],
  ])("%s: fetchOne refuses %s", async (_id, _what, query) => {
    await expect(query(lab).fetchOne()).rejects.toMatchObject({ code: "not-one-row" });
  });

  it("R-292: refuses two columns in one order text", () => {
    expect(() => lab.Session.orderBy("rig desc, KEY")).toThrow(expect.objectContaining({ code: "invalid-query" }));
  });

  it("R-293: orders by several columns, the key among them, and skips", async () => {
    const rows = await lab.Session.proj("rig").orderBy("rig desc", "KEY").limit(2, 1).fetch();
    expect(rows).toEqual([
      { subject_id: 3, session: 1, rig: "r2" },
      { subject_id: 1, session: 1, rig: "r1" },
    ]);
  });

  it("R-294: a limit without order counts by key", async () => {
    expect(await lab.Session.proj("rig").limit(2).fetch()).toEqual([
      { subject_id: 1, session: 1, rig: "r1" },
      { subject_id: 1, session: 2, rig: "r2" },
    ]);
  });

  it("R-295: fetchFirst gives the first row by key", async () => {
    expect(await lab.Subject.fetchFirst()).toMatchObject({ subject_id: 1, meta: { a: 1, b: { c: "x" } } });
    expect(await lab.Subject.where(sql`subject_id=9`).fetchFirst()).toBeUndefined();
  });

  it("R-296: orders by the key, last first", async () => {
    expect(await lab.Subject.proj().orderBy("KEY desc").fetch()).toEqual(
      [4, 3, 2, 1].map((subject_id) => ({ subject_id })),
    );
  });

  it("get finds a row by its whole key, and only by that", async () => {
    expect(await lab.Session.get({ subject_id: 1, session: 2 })).toMatchObject({ rig: "r2", score: null });
    expect(await lab.Session.get({ subject_id: 9, session: 2 })).toBeUndefined();
    for (const key of [
      { subject_id: 1 },
      { subject_id: 1, session: 2, rig: "r2" },
      { subject_id: [1], session: 2 },
      {},
    ])
      await expect(lab.Session.get(key)).rejects.toMatchObject({ code: "invalid-restriction" });
  });

  it("a query is not thenable, and every method leaves it as it was", async () => {
    expect("then" in lab.Subject).toBe(false);
    const women = lab.Subject.where({ sex: "F" });
    women.where({ subject_id: 1 });
    expect(await women.count()).toBe(2);
  });

  it("an aborted signal ends a fetch", async () => {
    await expect(lab.Subject.fetch({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: "AbortError" });
  });

  it("tells the columns of a query without reading rows", async () => {
    const heading = await lab.Subject.proj({ sid: "subject_id" }, "name").heading();
    expect(heading.primaryKey).toEqual(["sid"]);
    expect(heading.attributes.map(({ name }) => name)).toEqual(["sid", "name"]);
  });

  it("decimals compare and sort as numbers, int64 comes as bigint, and bool as boolean", async () => {
    const table = lab.schema("values").define("manual", "Price", "id : int64\n---\nprice : decimal(20,2)\npaid : bool");
    await lab.insert(table, [
      { id: 1n, price: "9.50", paid: true },
      { id: 2n, price: "-10.25", paid: false },
      { id: 2n ** 60n, price: "123456789012345678.01", paid: true },
      { id: 4n, price: "10", paid: false },
    ]);
    const price = lab.query(table);
    const rows = await price.orderBy("price").fetch();
    expect(rows.map((row) => row["price"])).toEqual(["-10.25", "9.50", "10.00", "123456789012345678.01"]);
    expect(rows.at(-1)).toEqual({ id: 2n ** 60n, price: "123456789012345678.01", paid: true });
    expect(await price.where({ price: { gt: 9, lte: "10" } }).count()).toBe(2);
    expect(await price.where({ price: { lt: "-1" } }).count()).toBe(1);
    expect(await price.where({ price: "10.0" }).count()).toBe(1);
    expect(await price.where({ id: 2n ** 60n, paid: 1 }).count()).toBe(1);
    expect(await price.where({ id: [1, 2n] }).count()).toBe(2);
  });

  it("refuses a table of another database", async () => {
    await using other = await openTestProject();
    const Elsewhere = other.query(other.schema("elsewhere").define("manual", "Session", "session : int16"));
    for (const query of [lab.Subject.where(Elsewhere), lab.Subject.join(Elsewhere)])
      await expect(query.count()).rejects.toMatchObject({
        code: "invalid-query",
        message: expect.stringContaining("another database"),
      });
  });

  it("finds a uuid in any of its text forms", async () => {
    const table = lab.schema("values").define("manual", "Thing", "id : uuid");
    await lab.insert(table, [{ id: "01234567-89ab-cdef-0123-456789abcdef" }]);
    for (const id of ["01234567-89AB-CDEF-0123-456789ABCDEF", "0123456789abcdef0123456789abcdef"])
      expect(await lab.query(table).where({ id }).count()).toBe(1);
  });
});
