import type { ColumnSpec } from "@mortise/sql";
import { executeAll } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import { describe, expect, it } from "vitest";
import { column, create, table } from "../../../sql/src/testing/table.ts";
import { openTemporary } from "../testing/database.ts";

const currentTimestamp = (text: string): Partial<ColumnSpec> => ({ default: { kind: "sql", text } });
const literal = (text: string): Partial<ColumnSpec> => ({ default: { kind: "literal", text } });
const nullable: Partial<ColumnSpec> = { nullable: true, default: { kind: "null" } };
const codec = (marker: string, type: string, extra: Partial<ColumnSpec> = {}): ColumnSpec =>
  column("a", type, { marker, ...extra });

describe("the catalog", () => {
  it.each<[string, ColumnSpec]>([
    ["R-035", column("a", "int8")],
    ["R-036", column("a", "int16")],
    ["R-037", column("a", "int32")],
    ["R-038", column("a", "int64")],
    ["R-039", column("a", "float32")],
    ["R-040", column("a", "float64")],
    ["R-041", column("a", "bool")],
    ["R-042", column("a", "uuid")],
    ["R-043", column("a", "json")],
    ["R-044", column("a", "bytes")],
    ["R-045", column("a", "date")],
    ["R-046", column("a", "datetime")],
    ["R-047", column("a", "datetime(6)")],
    ["R-048", column("a", "char(4)")],
    ["R-049", column("a", "varchar(255)")],
    ["R-050", column("a", "decimal(8,3)")],
    ["R-051", column("a", "decimal(20, 0)")],
    ["R-052", column("a", "enum('x','y')")],
    ["R-053", column("a", "enum('y','x')")],
    ["R-054", column("a", "int32", nullable)],
    ["R-055", column("a", "varchar(20)", { ...nullable, comment: "optional" })],
    ["R-056", column("a", "int32", literal("5"))],
    ["R-057", column("a", "float64", literal("-1.5"))],
    ["R-058", column("a", "varchar(10)", literal(""))],
    ["R-059", column("a", "varchar(10)", literal(""))],
    ["R-060", column("a", "varchar(10)", literal("it's"))],
    ["R-061", column("a", "varchar(10)", literal("it's"))],
    ["R-062", column("a", "varchar(10)", literal("abc"))],
    ["R-063", column("a", "datetime", currentTimestamp("CURRENT_TIMESTAMP"))],
    ["R-064", column("a", "datetime(3)", currentTimestamp("CURRENT_TIMESTAMP(3)"))],
    ["R-065", column("a", "enum('x','y')", literal("x"))],
    ["R-066", column("a", "bool", literal("1"))],
    ["R-067", column("a", "int32", { comment: "first # second" })],
    ["R-068", column("a", "int32", { comment: "tight" })],
    ["R-069", column("a", "int32", { comment: `it's a "test"` })],
    ["R-070", codec("<blob>", "bytes")],
    ["R-071", codec("<blob@>", "json")],
    ["R-072", codec("<blob@cold>", "json")],
    ["R-073", codec("<attach>", "bytes")],
    ["R-074", codec("<attach@cold>", "json")],
    ["R-075", codec("<hash@>", "json")],
    ["R-076", codec("<object@main>", "json")],
    ["R-077", codec("<npy@>", "json")],
    ["R-078", codec("<filepath@raw>", "json")],
    ["R-079", codec("<blob@cold>", "json", { ...nullable, comment: "raw data" })],
    ["R-080", column("a", "int")],
    ["R-081", column("a", "smallint unsigned")],
    ["R-082", column("a", "text")],
    ["R-083", column("a", "double")],
    ["R-084", column("a", "timestamp")],
  ])("%s: keeps the column as it was declared", async (_id, attribute) => {
    const { database } = await openTemporary();
    const spec = table("t", [column("k", "int8"), attribute]);
    await create(database, spec);
    expect(await database.catalog.tables(database, "lab")).toEqual([spec]);
  });

  it("lists schemas and user tables, and reads the tables asked for", async () => {
    const { database } = await openTemporary();
    const specs = ["#strain", "subject", "__analysis", "session__trial"].map((name) =>
      table(name, [column("k", "int8")]),
    );
    await create(database, ...specs, { ...table("t", [column("k", "int8")]), schema: "lab2" });
    const { catalog } = database;
    await catalog.replaceLineage(database, "lab", "subject", []);
    expect(await catalog.schemas(database)).toEqual(["lab", "lab2"]);
    expect(await catalog.tableNames(database, "lab")).toEqual(["#strain", "__analysis", "session__trial", "subject"]);
    expect(await catalog.tableNames(database, "nope")).toEqual([]);
    const found = await catalog.tables(database, "lab", ["subject", "#strain", "nope"]);
    expect(found.map((spec) => spec.name)).toEqual(["#strain", "subject"]);
  });

  it("forgets a table that is dropped", async () => {
    const { database } = await openTemporary();
    const spec = table("t", [column("k", "int8")], { indexes: [{ unique: false, items: [{ column: "k" }] }] });
    await create(database, spec);
    await executeAll(database, database.dialect.dropTable(spec));
    expect(await database.catalog.tables(database, "lab")).toEqual([]);
    await create(database, spec);
    expect(await database.catalog.tables(database, "lab")).toEqual([spec]);
  });

  it("R-132, R-134: creates the lineage table when it is first needed and replaces the rows of one table", async () => {
    const { database } = await openTemporary();
    const { catalog } = database;
    expect(await catalog.lineage(database, "lab")).toBeUndefined();
    const row = (name: string, attribute: string, lineage: string) => ({ table: name, attribute, lineage });
    await catalog.replaceLineage(database, "lab", "zz", [row("zz", "a", "lab.zz.a"), row("zz", "b", "lab.p.b")]);
    await catalog.replaceLineage(database, "lab", "yy", [row("yy", "a", "lab.yy.a")]);
    await catalog.replaceLineage(database, "lab", "zz", [row("zz", "a", "lab.other.a")]);
    expect(await catalog.lineage(database, "lab")).toEqual([row("yy", "a", "lab.yy.a"), row("zz", "a", "lab.other.a")]);
  });

  it("finds the foreign keys into a schema, from whatever schema they come", async () => {
    const { database } = await openTemporary();
    const parent = table("subject", [column("id", "int32"), column("day", "date")], { primaryKey: ["id", "day"] });
    const key = { parent: { schema: "lab", table: "subject" }, parentColumns: ["id", "day"] };
    const columns = [
      column("n", "int8"),
      ...["a", "c"].map((name) => column(name, "int32")),
      ...["b", "d"].map((name) => column(name, "date")),
    ];
    const child = {
      ...table("visit", columns, {
        foreignKeys: [
          { ...key, columns: ["a", "b"] },
          { ...key, columns: ["c", "d"] },
        ],
      }),
      schema: "lab_more",
    };
    await create(database, parent, child);
    const edge = (first: string, second: string) => ({
      child: { schema: "lab_more", table: "visit" },
      parent: { schema: "lab", table: "subject" },
      columns: [
        [first, "id"],
        [second, "day"],
      ],
    });
    expect(await database.catalog.foreignKeysInto(database, ["lab"])).toEqual([edge("a", "b"), edge("c", "d")]);
    expect(await database.catalog.foreignKeysInto(database, ["lab_more", "la"])).toEqual([]);
    expect(await database.catalog.tables(database, "lab_more")).toEqual([child]);
  });

  it("reads inside a transaction what the transaction has declared", async () => {
    const { database } = await openTemporary();
    await using session = await database.begin();
    const spec = table("t", [column("k", "int8")]);
    await executeAll(session, database.dialect.createTable(spec));
    expect(await database.catalog.tables(session, "lab")).toEqual([spec]);
    expect(await database.catalog.tables(database, "lab")).toEqual([]);
    await session.rollback();
    expect((await database.execute(sql`select * from "~tables"`)).rows).toEqual([]);
  });
});
