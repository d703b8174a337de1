import { executeAll, type InsertRequest, useDefault } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { column, create, table } from "../../../packages/sql/src/testing/table.ts";
import { openPostgresLab, type PostgresLab } from "./postgres-lab.ts";

const optional = { nullable: true, default: { kind: "null" } } as const;
const spec = table(
  "p",
  [
    column("id", "int32"),
    column("name", "varchar(20)", { default: { kind: "literal", text: "none" } }),
    column("x", "float64", optional),
    column("em", "varchar(30)", optional),
  ],
  { indexes: [{ unique: true, items: [{ column: "em" }] }] },
);
const flag = column("_singleton", "bool", { default: { kind: "literal", text: "1" } });
const singleton = table("#setup", [flag, column("v", "int32", { default: { kind: "literal", text: "1" } })]);

/** More than a few rows are copied, others inserted: both must do the same. */
const amounts = [3, 300];
const rowsOf = (count: number): number[][] => Array.from({ length: count }, (_, id) => [id]);

describe("insert on PostgreSQL", () => {
  let lab: PostgresLab;
  beforeAll(async () => {
    lab = await openPostgresLab();
    await executeAll(lab.database, lab.database.dialect.createSchema("lab"));
    await create(lab.database, spec, singleton);
  });
  afterAll(() => lab[Symbol.asyncDispose]());
  beforeEach(() => lab.raw.query(`truncate lab.p, lab."#setup"`));

  function insert(
    columns: readonly string[],
    rows: InsertRequest["rows"],
    extra: Partial<InsertRequest> = {},
    executor: Parameters<typeof executeAll>[0] = lab.database,
  ): Promise<number> {
    const request = { schema: "lab", table: "p", columns, primaryKey: ["id"], rows, ...extra };
    return executeAll(executor, lab.database.dialect.insert(request));
  }
  const stored = async () => (await lab.database.execute(sql`select * from lab.p order by id`)).rows;

  it("gives each cell its own default", async () => {
    const rows = [
      [1, useDefault, 0.5],
      [2, "b", useDefault],
      ...Array.from({ length: 50 }, (_, index) => [index + 3, useDefault, useDefault]),
    ];
    expect(await insert(["id", "name", "x"], rows)).toBe(52);
    expect((await stored()).slice(0, 3)).toEqual([
      { id: 1, name: "none", x: 0.5, em: null },
      { id: 2, name: "b", x: null, em: null },
      { id: 3, name: "none", x: null, em: null },
    ]);
  });

  it.each(amounts)("stores nothing of %d rows of which one is refused", async (count) => {
    await expect(insert(["id"], [...rowsOf(count), [1]])).rejects.toMatchObject({ code: "duplicate" });
    expect(await stored()).toEqual([]);
  });

  it.each(amounts)("leaves a transaction open after %d rows of which one is refused", async (count) => {
    await using session = await lab.database.begin();
    await insert(["id"], [[1000]], {}, session);
    await expect(insert(["id"], [...rowsOf(count), [1000]], {}, session)).rejects.toMatchObject({ code: "duplicate" });
    expect(session.state).toBe("open");
    await insert(["id"], [[1001]], {}, session);
    await session.commit();
    expect((await stored()).map((row) => row["id"])).toEqual([1000, 1001]);
  });

  it("R-342, R-364: skips rows whose key is there, but not conflicts of other unique indexes", async () => {
    await insert(["id", "em"], [[1, "e"]]);
    const rows = Array.from({ length: 100 }, (_, index) => [index + 1, "new"]);
    expect(await insert(["id", "name"], rows, { onDuplicate: "skip" })).toBe(99);
    expect(await insert(["id", "name"], [[1, "again"]], { onDuplicate: "skip" })).toBe(0);
    expect((await stored())[0]).toMatchObject({ name: "none" });
    await expect(insert(["id", "em"], [[101, "e"]], { onDuplicate: "skip" })).rejects.toMatchObject({
      code: "duplicate",
    });
  });

  it("R-343: replaces only the columns that are given, and of one key the last row counts", async () => {
    await insert(["id", "name", "x"], [[1, "a", 0.5]]);
    const rows = [[1, "b"], ...rowsOf(50).map(([id]) => [(id ?? 0) + 2, useDefault]), [1, "c"]];
    expect(await insert(["id", "name"], rows, { onDuplicate: "replace" })).toBe(52);
    expect((await stored()).slice(0, 2)).toEqual([
      { id: 1, name: "c", x: 0.5, em: null },
      { id: 2, name: "none", x: null, em: null },
    ]);
    await insert(["id", "name"], [[1, useDefault]], { onDuplicate: "replace" });
    expect((await stored())[0]).toMatchObject({ name: "none", x: 0.5 });
  });

  it("R-361 – R-363: stores the one row of a singleton, and skips or replaces it by the second", async () => {
    const setUp = (columns: readonly string[], row: readonly unknown[], onDuplicate?: "skip" | "replace") =>
      insert(columns, [row], { table: "#setup", primaryKey: ["_singleton"], onDuplicate });
    expect(await setUp([], [])).toBe(1);
    expect(await setUp([], [], "skip")).toBe(0);
    expect(await setUp(["v"], [4], "skip")).toBe(0);
    await expect(setUp(["v"], [3])).rejects.toMatchObject({ code: "duplicate" });
    expect(await setUp(["v"], [5], "replace")).toBe(1);
    expect((await lab.database.execute(sql`select * from lab."#setup"`)).rows).toEqual([{ _singleton: true, v: 5 }]);
  });

  it("copies every kind of value as it inserts it", async () => {
    const types = [
      "int32",
      "int64",
      "float64",
      "bool",
      "json",
      "bytes",
      "varchar(90)",
      "enum('a','b')",
      "datetime(3)",
      "int",
    ];
    const values = table("v", [
      column("k", "int32"),
      ...types.map((type, index) => column(`c${index}`, type, optional)),
    ]);
    await create(lab.database, values);
    const texts = ["\\N", "\\.", "a\tb\nc\rd\\e", "", "it's é😀 100% {x}", "'); drop table lab.v; --"];
    const numbers = [Number.NaN, Infinity, "-0", 5e-324, 0.1];
    const rows = Array.from({ length: 60 }, (_, k) => [
      k,
      -k,
      2n ** 62n + BigInt(k),
      numbers[k % numbers.length],
      k % 2 === 0,
      JSON.stringify({ text: texts[k % texts.length] }),
      Uint8Array.of(0, 92, 110, k),
      texts[k % texts.length],
      "b",
      "2024-01-02T03:04:05.120",
      k % 3 === 0 ? null : 2,
    ]);
    const columns = values.columns.map((one) => one.name);
    const request = { schema: "lab", columns, primaryKey: ["k"], table: "v" };
    const read = async () => (await lab.database.execute(sql`select * from lab.v order by k`, { bigints: true })).rows;
    await insert(columns, rows, request);
    const copied = await read();
    await lab.raw.query("truncate lab.v");
    for (const row of rows) await insert(columns, [row], request);
    expect(copied).toEqual(await read());
    expect(copied.map((row) => row["c6"])).toEqual(rows.map((row) => row[7]));
    expect(Object.is(copied[2]?.["c2"], -0)).toBe(true);
  });

  it("inserts many rows into a table with row-level security, which COPY refuses", async () => {
    await lab.raw.query("create role mortise_reader");
    try {
      await lab.raw.query("grant usage on schema lab to mortise_reader");
      await lab.raw.query("grant insert, select on lab.p to mortise_reader");
      await lab.raw.query("alter table lab.p enable row level security");
      await lab.raw.query("create policy odd on lab.p using (true) with check (id < 1000)");
      await using session = await lab.database.begin();
      await session.execute(sql`set local role mortise_reader`);
      expect(await insert(["id"], rowsOf(300), {}, session)).toBe(300);
      await expect(insert(["id"], [...rowsOf(20), [5000]], {}, session)).rejects.toMatchObject({ name: "QueryError" });
      await session.rollback();
    } finally {
      await lab.raw.query("alter table lab.p disable row level security");
      await lab.raw.query("drop owned by mortise_reader");
      await lab.raw.query("drop role mortise_reader");
    }
  });
});
