import { type Database, executeAll, type InsertRequest, useDefault } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../packages/schema/test/database/test-database.ts";
import { column, table } from "../../../packages/sql/src/testing/table.ts";

const nothing = { nullable: true, default: { kind: "null" } } as const;

describe("insert on MySQL and MariaDB", () => {
  let place: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    place = await createTestDatabase();
    database = await place.open();
    const { dialect } = database;
    const name = column("name", "varchar(20)", { default: { kind: "literal", text: "none" } });
    const unique = [{ unique: true, items: [{ column: "em" }] }];
    const p = table("p", [column("id", "int32"), name, column("em", "varchar(30)", nothing)], { indexes: unique });
    const word = table("word", [
      column("w", "varchar(20)"),
      column("v", "int32", nothing),
      column("b", "bytes", nothing),
    ]);
    const single = column("_singleton", "bool", { default: { kind: "literal", text: "1" } });
    const z = table("z", [single, column("v", "int32", { default: { kind: "literal", text: "1" } })]);
    const foreignKeys = [{ columns: ["id"], parent: { schema: "lab", table: "p" }, parentColumns: ["id"] }];
    const c = table("c", [column("id", "int32"), column("k", "int8")], { primaryKey: ["id", "k"], foreignKeys });
    await executeAll(database, [
      ...dialect.createSchema("lab"),
      ...[p, word, z, c].flatMap((spec) => dialect.createTable(spec)),
    ]);
  });
  afterAll(async () => {
    await database.close();
    await place[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    for (const name of ["c", "p", "word", "z"])
      await database.execute(sql`delete from ${database.dialect.table("lab", name)}`);
  });

  function insert(
    columns: readonly string[],
    rows: InsertRequest["rows"],
    extra: Partial<InsertRequest> = {},
  ): Promise<number> {
    const request = { schema: "lab", table: "p", columns, primaryKey: ["id"], rows, ...extra };
    return executeAll(database, database.dialect.insert(request));
  }

  async function rows(name: string): Promise<readonly unknown[][]> {
    const found = await database.execute(sql`select * from ${database.dialect.table("lab", name)} order by 1`);
    return found.rows.map((row) => Object.values(row));
  }

  it("R-338: gives each cell its own default", async () => {
    const values = [
      [1, useDefault, "a"],
      [2, "b", useDefault],
      [3, useDefault, useDefault],
    ];
    expect(await insert(["id", "name", "em"], values)).toBe(3);
    expect(await rows("p")).toEqual([
      [1, "none", "a"],
      [2, "b", null],
      [3, "none", null],
    ]);
  });

  it("R-341: stores all rows of a statement or none", async () => {
    await insert(["id"], [[5]]);
    await expect(insert(["id"], [[4], [5], [6]])).rejects.toMatchObject({ code: "duplicate" });
    expect(await rows("p")).toEqual([[5, "none", null]]);
    await expect(insert(["id"], [[5]])).rejects.toThrow("lab.p already has a row with the same id: 5");
  });

  it("R-342: skips rows that are there, of many and of one, and counts those that were not", async () => {
    await insert(["id", "name"], [[1, "old"]]);
    const three = [
      [1, "new"],
      [2, "new"],
      [2, "again"],
    ];
    expect(await insert(["id", "name"], three, { onDuplicate: "skip" })).toBe(1);
    expect(await insert(["id", "name"], [[1, "new"]], { onDuplicate: "skip" })).toBe(0);
    expect(await rows("p")).toEqual([
      [1, "old", null],
      [2, "new", null],
    ]);
  });

  it("R-343: replaces the given columns of rows that are there, leaves the others and their children", async () => {
    await insert(["id", "name", "em"], [[1, "old", "kept"]]);
    await insert(["id", "k"], [[1, 1]], { table: "c", primaryKey: ["id", "k"] });
    const two = [
      [1, "new"],
      [2, "two"],
    ];
    expect(await insert(["id", "name"], two, { onDuplicate: "replace" })).toBe(2);
    expect(await insert(["id", "name"], two, { onDuplicate: "replace" })).toBe(2);
    expect(await insert(["id", "name"], [[2, useDefault]], { onDuplicate: "replace" })).toBe(1);
    expect(await insert(["id"], [[1]], { onDuplicate: "replace" })).toBe(1);
    expect(await rows("p")).toEqual([
      [1, "new", "kept"],
      [2, "none", null],
    ]);
    expect(await rows("c")).toEqual([[1, 1]]);
  });

  it.each(["skip", "replace"] as const)(
    "R-364: is an error, not a %s, for another unique key, of many rows and of one",
    async (onDuplicate) => {
      await insert(["id", "em"], [[50, "e"]]);
      const before = await rows("p");
      await expect(insert(["id", "em"], [[51, "e"]], { onDuplicate })).rejects.toMatchObject({ code: "duplicate" });
      const many = [
        [52, "f"],
        [51, "e"],
      ];
      await expect(insert(["id", "em"], many, { onDuplicate })).rejects.toMatchObject({ code: "duplicate" });
      expect(await rows("p")).toEqual(before);
    },
  );

  it("leaves the transaction usable after a refusal, with what was done before it", async () => {
    await using session = await database.begin();
    const request = { schema: "lab", table: "p", columns: ["id"], primaryKey: ["id"] };
    await executeAll(session, database.dialect.insert({ ...request, rows: [[1]] }));
    await expect(executeAll(session, database.dialect.insert({ ...request, rows: [[2], [1]] }))).rejects.toThrow(
      /there/,
    );
    await executeAll(session, database.dialect.insert({ ...request, rows: [[3]] }));
    await session.commit();
    expect((await rows("p")).map(([id]) => id)).toEqual([1, 3]);
  });

  it("takes keys for equal that the collation takes for equal, and counts them so", async () => {
    const words = { table: "word", primaryKey: ["w"] };
    await insert(["w", "v"], [["a", 1]], words);
    const more = [
      ["A", 2],
      ["b", 3],
      ["B", 4],
    ];
    expect(await insert(["w", "v"], more, { ...words, onDuplicate: "skip" })).toBe(1);
    expect(await insert(["w", "v"], [["Á", 5]], { ...words, onDuplicate: "skip" })).toBe(0);
    expect(await rows("word")).toEqual([
      ["a", 1, null],
      ["b", 3, null],
    ]);
  });

  it("R-361: makes rows of nothing but defaults, and one at most where there is no key", async () => {
    const z = { table: "z", primaryKey: ["_singleton"] };
    expect(await insert([], [[]], z)).toBe(1);
    await expect(insert([], [[]], z)).rejects.toThrow("lab.z has its one row already");
    expect(await insert([], [[]], { ...z, onDuplicate: "skip" })).toBe(0);
    expect(await insert(["v"], [[9]], { ...z, onDuplicate: "skip" })).toBe(0);
    expect(await insert(["v"], [[7]], { ...z, onDuplicate: "replace" })).toBe(1);
    expect(await rows("z")).toEqual([[1, 7]]);
  });

  it("R-350: names the row of the parent that is missing", async () => {
    const child = { table: "c", primaryKey: ["id", "k"] };
    await expect(insert(["id", "k"], [[99, 1]], child)).rejects.toMatchObject({
      code: "integrity",
      message: "lab.c: lab.p has no row with id = 99",
    });
  });

  it.each([
    ["a number that the column can't hold", ["id", "name"], [1e10, "x"], "out-of-range"],
    ["text that the column would cut", ["id", "name"], [1, "x".repeat(21)], "out-of-range"],
    ["no value where one is required", ["id"], [useDefault], "missing-attribute"],
  ])("R-353: refuses %s instead of changing it", async (_what, columns, row, code) => {
    await expect(insert(columns, [row])).rejects.toMatchObject({ code });
    expect(await rows("p")).toEqual([]);
  });

  it("stores rows of many MiB in statements that the server takes", async () => {
    const words = { table: "word", primaryKey: ["w"] };
    const bytes = new Uint8Array(3 * 1024 * 1024).map((_, index) => index % 251);
    const many = Array.from({ length: 6 }, (_, index) => [`w${index}`, index, bytes]);
    expect(await insert(["w", "v", "b"], many, words)).toBe(6);
    const found = await database.execute<{ b: Uint8Array }>(sql`select b from lab.word where w = ${"w5"}`);
    expect(Buffer.compare(found.rows[0]?.b ?? new Uint8Array(), bytes)).toBe(0);
  });

  it.each([
    `'); DROP TABLE lab.p; -- `,
    `\\'); DROP TABLE lab.p; -- `,
    `" OR 1=1 #`,
    "%s %d {x} ${y} ?",
    "`; /*!50000 DROP TABLE lab.p */",
    "\u00bf\u0027 OR 1=1",
  ])("stores %j as it is, and finds nothing else by it", async (attempt) => {
    await insert(
      ["id", "name"],
      [
        [1, "other"],
        [2, attempt.slice(0, 20)],
      ],
    );
    const found = await database.execute<{ id: number }>(
      sql`select id from lab.p where name = ${attempt.slice(0, 20)}`,
    );
    expect(found.rows).toEqual([{ id: 2 }]);
    expect(await rows("p")).toEqual([
      [1, "other", null],
      [2, attempt.slice(0, 20), null],
    ]);
  });

  it("runs no text that stands in comments, defaults, enums, names or paths", async () => {
    const attempt = String.raw`\'"); DROP TABLE lab.p; -- %s {0} ? ${"`"}`;
    const { dialect } = database;
    const spec = table(
      "odd` (x int); DROP TABLE lab.p; --",
      [
        column("k`k", "int8", { comment: attempt }),
        column("t", "varchar(99)", { default: { kind: "literal", text: attempt }, comment: attempt }),
        column("e", `enum('a','it''s"); DROP TABLE lab.p')`),
        column("j", "json"),
      ],
      { comment: attempt },
    );
    await executeAll(database, dialect.createTable(spec));
    expect(await database.catalog.tables(database, "lab", [spec.name])).toEqual([spec]);
    const row = [1, useDefault, "it's\"); DROP TABLE lab.p", JSON.stringify({ [attempt]: { x: attempt } })];
    await executeAll(
      database,
      dialect.insert({
        schema: "lab",
        table: spec.name,
        columns: ["k`k", "t", "e", "j"],
        primaryKey: ["k`k"],
        rows: [row],
      }),
    );
    const path = dialect.jsonPath(sql.id("j"), [attempt, "x"], "text");
    const found = await database.execute(sql`select t, ${path} as x from ${dialect.table("lab", spec.name)}`);
    expect(found.rows).toEqual([{ t: attempt, x: attempt }]);
    await executeAll(database, dialect.dropTable(spec));
    expect(await rows("p")).toEqual([]);
  });
});
