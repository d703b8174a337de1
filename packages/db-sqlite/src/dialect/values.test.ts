import { acceptValue, type Database, executeAll, needsBigint } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import { describe, expect, it } from "vitest";
import { column, create, table } from "../../../sql/src/testing/table.ts";
import { openTemporary } from "../testing/database.ts";

/** Stores a value in a column of its own and reads it back, as insert and fetch do. */
async function roundTrip(database: Database, type: string, value: unknown): Promise<unknown> {
  const spec = table("t", [column("k", "int8"), column("a", type, { nullable: true, default: { kind: "null" } })]);
  await create(database, spec);
  const { dialect } = database;
  const columnType = column("a", type).type;
  const cell = value === null ? null : dialect.toDatabase(columnType, acceptValue(columnType, value, dialect.traits));
  const rows = [[1, cell]];
  await executeAll(
    database,
    dialect.insert({ schema: "lab", table: "t", columns: ["k", "a"], primaryKey: ["k"], rows }),
  );
  const found = await database.execute<{ a: unknown }>(sql`select a from ${dialect.table("lab", "t")}`, {
    bigints: needsBigint(columnType),
  });
  const raw = found.rows[0]?.a;
  return raw === null ? null : dialect.fromDatabase(columnType, raw);
}

const uuid = "01234567-89ab-cdef-0123-456789abcdef";

describe("values on SQLite", () => {
  it.each([
    ["R-297", "int32", 5, 5],
    ["R-301", "int64", 4611686018427387904n, 4611686018427387904n],
    ["R-303", "float32", 0.5, 0.5],
    ["R-304", "float32", 0.123456789, Math.fround(0.123456789)],
    ["R-306", "float64", 2.25, 2.25],
    ["R-308", "float64", Infinity, Infinity],
    ["R-309", "bool", true, true],
    ["R-310", "bool", 0, false],
    ["R-312", "decimal(8,2)", "12.34", "12.34"],
    ["R-313", "decimal(8,2)", 0.1, "0.10"],
    ["R-314", "uuid", uuid.toUpperCase(), uuid],
    ["R-315", "uuid", uuid, uuid],
    ["R-317", "date", new Date(Date.UTC(2024, 1, 29)), "2024-02-29"],
    ["R-318", "date", "2024-02-29", "2024-02-29"],
    ["R-320", "datetime(6)", "2024-01-02T03:04:05.123456", "2024-01-02T03:04:05.123456"],
    ["R-321", "datetime", "2024-01-02 03:04:05+05:00", "2024-01-01T22:04:05"],
    ["R-322", "char(4)", "ab", "ab"],
    ["R-323", "varchar(20)", "it's \\ 100% é😀", "it's \\ 100% é😀"],
    ["R-324", "varchar(20)", "", ""],
    ["R-325", "enum('x','y')", "y", "y"],
    ["R-327", "json", { k: [1, null, "é"] }, { k: [1, null, "é"] }],
    ["R-328", "json", [1, 2], [1, 2]],
    ["R-329", "json", "abc", "abc"],
    ["R-330", "json", "123", "123"],
    ["R-331", "json", 1, 1],
    ["R-333", "bytes", Uint8Array.of(0, 255), Uint8Array.of(0, 255)],
    ["R-335", "int32", null, null],
    ["R-336", "json", null, null],
    ["empty bytes", "bytes", new Uint8Array(0), new Uint8Array(0)],
    ["the least int64", "int64", -(2n ** 63n), -(2n ** 63n)],
    ["a negative decimal below one", "decimal(3,3)", "-0.5", "-0.500"],
    ["a decimal without fraction", "decimal(20,0)", "-99999999999999999999", "-99999999999999999999"],
    ["a native integer", "bigint", 2n ** 60n, 2n ** 60n],
    ["a native text", "mediumtext", "long", "long"],
    ["a native float", "double", 0.1, 0.1],
    ["a native blob", "longblob", Uint8Array.of(1), Uint8Array.of(1)],
    ["a native timestamp", "timestamp(3)", new Date(1), "1970-01-01T00:00:00.001"],
    ["a native number", "numeric(5,2)", "1.5", "1.5"],
  ])("%s: %s comes back as it was given", async (_id, type, value, expected) => {
    const { database } = await openTemporary();
    expect(await roundTrip(database, type, value)).toEqual(expected);
  });

  it.each([
    ["R-298", "int32", "7"],
    ["R-299", "int32", true],
    ["R-300", "int32", ""],
    ["R-302", "int8", 200],
    ["R-305", "float32", Number.NaN],
    ["R-307", "float64", Number.NaN],
    ["R-311", "bool", 2],
    ["R-316", "uuid", "zz"],
    ["R-319", "datetime", "2024-01-02 03:04:05.999999"],
    ["R-326", "enum('x','y')", "z"],
    ["R-332", "json", Number.NaN],
    ["R-334", "bytes", "ab"],
  ])("%s: %s refuses a value before anything is written", async (_id, type, value) => {
    const { database } = await openTemporary();
    await expect(roundTrip(database, type, value)).rejects.toMatchObject({ name: "ValueError" });
    expect((await database.execute(sql`select * from "lab.t"`)).rows).toEqual([]);
  });

  it.each([
    ["int8", sql`128`],
    ["int64", sql`1.5`],
    ["bool", sql`2`],
    ["uuid", sql`upper(${uuid})`],
    ["date", sql`'2024-2-9'`],
    ["datetime(3)", sql`'2024-01-02T03:04:05'`],
    ["datetime", sql`'2024-01-02 03:04:05'`],
    ["json", sql`'{'`],
    ["enum('x','y')", sql`'z'`],
    ["varchar(2)", sql`'éàü'`],
    ["decimal(5,2)", sql`'1.5'`],
    ["decimal(5,2)", sql`'1234.50'`],
    ["decimal(5,0)", sql`'1.5'`],
    ["decimal(5,2)", sql`'--1.50'`],
    ["decimal(5,2)", sql`'1.1.50'`],
    ["bytes", sql`'text'`],
  ])("SQLite itself holds %s to its form, whoever writes", async (type, value) => {
    const { database } = await openTemporary();
    await create(database, table("t", [column("a", type)]));
    const insert = database.execute(sql`insert into "lab.t" (a) values (${value})`);
    await expect(insert).rejects.toMatchObject({ name: "QueryError", code: "out-of-range" });
  });
});
