import { executeAll, type InsertRequest, useDefault } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import { describe, expect, it } from "vitest";
import { column, create, table } from "../../../sql/src/testing/table.ts";
import { openTemporary } from "../testing/database.ts";

const spec = table(
  "p",
  [
    column("id", "int32"),
    column("name", "varchar(20)", { default: { kind: "literal", text: "none" } }),
    column("x", "float64", { nullable: true, default: { kind: "null" } }),
    column("em", "varchar(30)", { nullable: true, default: { kind: "null" } }),
  ],
  { indexes: [{ unique: true, items: [{ column: "em" }] }] },
);

function request(
  columns: readonly string[],
  rows: InsertRequest["rows"],
  extra: Partial<InsertRequest> = {},
): InsertRequest {
  return { schema: "lab", table: "p", columns, primaryKey: ["id"], rows, ...extra };
}

async function open() {
  const { database } = await openTemporary();
  await create(database, spec);
  return {
    database,
    insert: (...args: Parameters<typeof request>) => executeAll(database, database.dialect.insert(request(...args))),
    rows: async () => (await database.execute(sql`select id, name, x, em from "lab.p" order by id`)).rows,
  };
}

describe("insert", () => {
  it("stores many rows and counts them", async () => {
    const { insert, rows } = await open();
    const many = Array.from({ length: 2500 }, (_, id) => [id, `name ${id}`, id / 2, null]);
    expect(await insert(["id", "name", "x", "em"], many)).toBe(2500);
    expect((await rows()).at(-1)).toEqual({ id: 2499, name: "name 2499", x: 1249.5, em: null });
  });

  it("gives each cell its own default", async () => {
    const { insert, rows } = await open();
    const values = [
      [1, useDefault, 0.5],
      [2, "b", useDefault],
      [3, useDefault, useDefault],
    ];
    expect(await insert(["id", "name", "x"], values)).toBe(3);
    expect(await rows()).toEqual([
      { id: 1, name: "none", x: 0.5, em: null },
      { id: 2, name: "b", x: null, em: null },
      { id: 3, name: "none", x: null, em: null },
    ]);
  });

  it("wants a value for a key without default, even one that SQLite could number itself", async () => {
    const { insert } = await open();
    await expect(insert(["name"], [["a"]])).rejects.toMatchObject({
      code: "missing-attribute",
      message: "lab.p needs a value for id",
    });
    await expect(insert(["id"], [[useDefault]])).rejects.toMatchObject({ code: "missing-attribute" });
    await expect(insert([], [[]])).rejects.toMatchObject({ code: "missing-attribute" });
  });

  it("stores nothing of a statement with a row that is refused", async () => {
    const { insert, rows } = await open();
    await expect(insert(["id"], [[1], [2], [1]])).rejects.toMatchObject({
      code: "duplicate",
      message: "lab.p already has a row with the same id: 1",
    });
    expect(await rows()).toEqual([]);
  });

  it("leaves an open transaction as it was before the refused statement", async () => {
    const { database, rows } = await open();
    await using session = await database.begin();
    const run = (values: InsertRequest["rows"]) =>
      executeAll(session, database.dialect.insert(request(["id"], values)));
    await run([[1]]);
    await expect(run([[2], [3], [1]])).rejects.toMatchObject({ code: "duplicate" });
    expect(session.state).toBe("open");
    await run([[4]]);
    await session.commit();
    expect((await rows()).map((row) => row["id"])).toEqual([1, 4]);
  });

  it("skips rows whose key is there, but not conflicts of other unique indexes", async () => {
    const { insert, rows } = await open();
    await insert(["id", "em"], [[1, "e"]]);
    expect(
      await insert(
        ["id", "name"],
        [
          [1, "other"],
          [2, "new"],
        ],
        { onDuplicate: "skip" },
      ),
    ).toBe(1);
    expect((await rows()).map((row) => row["name"])).toEqual(["none", "new"]);
    await expect(insert(["id", "em"], [[3, "e"]], { onDuplicate: "skip" })).rejects.toMatchObject({
      code: "duplicate",
      message: 'lab.p already has a row with the same em: "e"',
    });
  });

  it("replaces only the columns that are given", async () => {
    const { insert, rows } = await open();
    await insert(["id", "name", "x"], [[1, "a", 0.5]]);
    await insert(["id", "name"], [[1, "b"]], { onDuplicate: "replace" });
    await insert(["id"], [[1]], { onDuplicate: "replace" });
    expect(await rows()).toEqual([{ id: 1, name: "b", x: 0.5, em: null }]);
  });

  it("gives a replaced row the default where its cell asks for it", async () => {
    const { insert, rows } = await open();
    const old = [
      [1, "a", 0.5],
      [2, "b", 1.5],
    ];
    await insert(["id", "name", "x"], old);
    const replacing = [
      [1, useDefault, 7],
      [2, "new", useDefault],
    ];
    await insert(["id", "name", "x"], replacing, { onDuplicate: "replace" });
    expect(await rows()).toEqual([
      { id: 1, name: "none", x: 7, em: null },
      { id: 2, name: "new", x: null, em: null },
    ]);
  });

  it("R-361, R-363: stores the one row of a singleton, and skips the second", async () => {
    const { database } = await openTemporary();
    const flag = column("_singleton", "bool", {
      default: { kind: "sql", text: "TRUE" },
      comment: "singleton primary key",
    });
    const single = table("#setup", [flag, column("v", "int32", { default: { kind: "literal", text: "1" } })]);
    await create(database, single);
    const insert = (columns: readonly string[], row: readonly unknown[], onDuplicate?: "skip") =>
      executeAll(
        database,
        database.dialect.insert({
          schema: "lab",
          table: "#setup",
          columns,
          primaryKey: ["_singleton"],
          rows: [row],
          onDuplicate,
        }),
      );
    expect(await insert([], [])).toBe(1);
    expect(await insert([], [], "skip")).toBe(0);
    expect(await insert(["v"], [4], "skip")).toBe(0);
    await expect(insert(["v"], [3])).rejects.toMatchObject({
      code: "duplicate",
      message: "lab.#setup has its one row already",
    });
    await expect(database.execute(sql`insert into "lab.#setup" (_singleton) values (0)`)).rejects.toMatchObject({
      code: "out-of-range",
    });
    expect((await database.execute(sql`select * from "lab.#setup"`)).rows).toEqual([{ _singleton: 1, v: 1 }]);
  });

  it("fills current times with the digits of the column", async () => {
    const { database } = await openTemporary();
    const at = (digits: number) =>
      column(`t${digits}`, digits === 0 ? "datetime" : `datetime(${digits})`, {
        default: { kind: "sql", text: `CURRENT_TIMESTAMP${digits === 0 ? "" : `(${digits})`}` },
      });
    const times = table("t", [column("k", "int8"), ...[0, 1, 2, 3, 4, 5, 6].map(at)]);
    await create(database, times);
    await database.execute(sql`insert into "lab.t" (k) values (1)`);
    const [row] = (await database.execute(sql`select * from "lab.t"`)).rows;
    for (const digits of [0, 1, 2, 3, 4, 5, 6]) {
      expect(String(row?.[`t${digits}`])).toMatch(
        new RegExp(`^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d${digits === 0 ? "" : `\\.\\d{${digits}}`}$`),
      );
    }
    expect(Math.abs(Date.parse(`${String(row?.["t3"])}Z`) - Date.now())).toBeLessThan(60_000);
  });

  it("gives defaults to an update too", async () => {
    const { database, insert, rows } = await open();
    await insert(["id", "name", "x"], [[1, "a", 0.5]]);
    const [, name, x] = spec.columns;
    if (name === undefined || x === undefined) throw new Error("columns");
    const { dialect } = database;
    await database.execute(
      sql`update "lab.p" set name = ${dialect.defaultValue(name)}, x = ${dialect.defaultValue(x)}`,
    );
    expect(await rows()).toEqual([{ id: 1, name: "none", x: null, em: null }]);
  });

  it("numbers the rows of a native auto_increment key, and of no other", async () => {
    const { database } = await openTemporary();
    const numbered = table("n", [column("id", "int auto_increment"), column("v", "int8")]);
    await create(database, numbered);
    const insert = database.dialect.insert({
      schema: "lab",
      table: "n",
      columns: ["v"],
      primaryKey: ["id"],
      rows: [[7], [8]],
    });
    await executeAll(database, insert);
    expect((await database.execute(sql`select * from "lab.n"`)).rows).toEqual([
      { id: 1, v: 7 },
      { id: 2, v: 8 },
    ]);
    expect(await database.catalog.tables(database, "lab")).toEqual([numbered]);
  });

  it("refuses values that have not been prepared", async () => {
    const { database, insert } = await open();
    for (const value of [Number.NaN, undefined, new Date(), { a: 1 }, true]) {
      await expect(insert(["id", "x"], [[1, value]])).rejects.toMatchObject({ code: "invalid-query" });
    }
    expect(() => database.dialect.insert(request(["id", "x"], [[1]]))).toThrow("has not 2 values");
  });

  it("is a fragment that Kysely can run too", async () => {
    const { database, rows } = await open();
    const [statement] = database.dialect.insert(
      request(
        ["id", "name"],
        [
          [1, "a"],
          [2, "b"],
        ],
      ),
    );
    await statement?.execute(database.kysely);
    expect((await rows()).map((row) => row["name"])).toEqual(["a", "b"]);
    const [defaults] = database.dialect.insert(request(["id", "name"], [[1, useDefault]]));
    expect(() => defaults?.compile(database.kysely)).toThrow("only through execute()");
  });
});
