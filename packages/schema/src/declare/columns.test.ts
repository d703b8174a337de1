import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { onBackend } from "../../test/database/provided.ts";
import { type Lab, openLab } from "../../test/declare-lab.ts";

type Expected = [id: string, line: string, type: string, marker: string | undefined, more?: object];

const required = { nullable: false, default: undefined, comment: "" };
const literal = (text: string): object => ({ default: { kind: "literal", text } });
const nothing = { nullable: true, default: { kind: "null" } };

const cases: readonly Expected[] = [
  ["R-035", "a : int8", "int8", "int8"],
  ["R-036", "a : int16", "int16", "int16"],
  ["R-037", "a : int32", "int32", "int32"],
  ["R-038", "a : int64", "int64", "int64"],
  ["R-039", "a : float32", "float32", "float32"],
  ["R-040", "a : float64", "float64", "float64"],
  ["R-041", "a : bool", "bool", "bool"],
  ["R-042", "a : uuid", "uuid", "uuid"],
  ["R-043", "a : json", "json", "json"],
  ["R-044", "a : bytes", "bytes", "bytes"],
  ["R-045", "a : date", "date", "date"],
  ["R-046", "a : datetime", "datetime", "datetime"],
  ["R-047", "a : datetime(6)", "datetime", "datetime(6)"],
  ["R-048", "a : char(4)", "char", "char(4)"],
  ["R-049", "a : varchar(255)", "varchar", "varchar(255)"],
  ["R-050", "a : decimal(8,3)", "decimal", "decimal(8,3)"],
  ["R-051", "a : decimal(20, 0)", "decimal", "decimal(20, 0)"],
  ["R-052", "a : enum('x','y')", "enum", "enum('x','y')"],
  ["R-053", "a : enum('y','x')", "enum", "enum('y','x')"],
  ["R-054", "a = null : int32", "int32", "int32", nothing],
  ["R-055", "a = NULL : varchar(20)  # optional", "varchar", "varchar(20)", { ...nothing, comment: "optional" }],
  ["R-056", "a = 5 : int32", "int32", "int32", literal("5")],
  ["R-057", "a = -1.5 : float64", "float64", "float64", literal("-1.5")],
  ["R-058", "a = '' : varchar(10)", "varchar", "varchar(10)", literal("")],
  ["R-059", 'a = "" : varchar(10)', "varchar", "varchar(10)", literal("")],
  ["R-060", 'a = "it\'s" : varchar(10)', "varchar", "varchar(10)", literal("it's")],
  ["R-061", "a = 'it''s' : varchar(10)", "varchar", "varchar(10)", literal("it's")],
  ["R-062", "a = abc : varchar(10)", "varchar", "varchar(10)", literal("abc")],
  [
    "R-063",
    "a = CURRENT_TIMESTAMP : datetime",
    "datetime",
    "datetime",
    { default: { kind: "sql", text: "CURRENT_TIMESTAMP" } },
  ],
  [
    "R-064",
    "a = CURRENT_TIMESTAMP(3) : datetime(3)",
    "datetime",
    "datetime(3)",
    { default: { kind: "sql", text: "CURRENT_TIMESTAMP(3)" } },
  ],
  ["R-065", "a = 'x' : enum('x','y')", "enum", "enum('x','y')", literal("x")],
  ["R-066", "a = 1 : bool", "bool", "bool", literal("1")],
  ["R-067", "a : int32  # first # second", "int32", "int32", { comment: "first # second" }],
  ["R-068", "a : int32#tight", "int32", "int32", { comment: "tight" }],
  ["R-069", `a : int32  # it's a "test"`, "int32", "int32", { comment: `it's a "test"` }],
  ["R-070", "a : <blob>", "bytes", "<blob>"],
  ["R-071", "a : <blob@>", "json", "<blob@>"],
  ["R-072", "a : <blob@cold>", "json", "<blob@cold>"],
  ["R-073", "a : <attach>", "bytes", "<attach>"],
  ["R-074", "a : <attach@cold>", "json", "<attach@cold>"],
  ["R-075", "a : <hash@>", "json", "<hash@>"],
  ["R-076", "a : <object@main>", "json", "<object@main>"],
  ["R-077", "a : <npy@>", "json", "<npy@>"],
  ["R-078", "a : <filepath@raw>", "json", "<filepath@raw>"],
  ["R-079", "a = null : <blob@cold>  # raw data", "json", "<blob@cold>", { ...nothing, comment: "raw data" }],
  ["R-080", "a : int", "int", undefined],
  ["R-082", "a : text", "text", undefined],
  ["R-084", "a : timestamp", "timestamp", undefined],
];

// Native types are the database's own: these are unknown to PostgreSQL.
const foreign: readonly Expected[] = [
  ["R-081", "a : smallint unsigned", "smallint", undefined],
  ["R-083", "a : double", "double", undefined],
];
const known = onBackend({ sqlite: foreign, mysql: foreign, postgresql: [] });
const unknown = onBackend({ sqlite: [], mysql: [], postgresql: foreign });

describe("one attribute in the catalog", () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await openLab();
  });
  afterAll(async () => {
    await lab[Symbol.asyncDispose]();
  });

  it.each([...cases, ...known])(
    "%s: `%s` reads back as it was declared",
    async (...[id, line, type, marker, more]: Expected) => {
      const Table = lab.tables.define("manual", `T${id.slice(2)}`, `k : int8\n---\n${line}`);
      const column = (await Table.spec()).columns[1];
      expect(column).toMatchObject({ ...required, name: "a", marker, type: { name: type }, ...more });
      // Declared again by another program, it is the same table.
      const again = lab.again().define("manual", `T${id.slice(2)}`, `k : int8\n---\n${line}`);
      await expect(again.heading()).resolves.toBeDefined();
    },
  );

  it.each(unknown)("%s: `%s` is refused by the database, and nothing of the table is there", async (id, line) => {
    const Table = lab.tables.define("manual", `T${id.slice(2)}`, `k : int8\n---\n${line}`);
    await expect(Table.heading()).rejects.toMatchObject({ name: "QueryError" });
    expect(await lab.database.catalog.tableNames(lab.database, "lab")).not.toContain(`t${id.slice(2)}`);
  });

  it.each([
    ["R-109", "k : int8  # {x}", "{x}"],
    ["R-110", "k : int8  # 100%", "100%"],
  ])("%s: keeps the comment of `%s`", async (id, text, comment) => {
    const spec = await lab.tables.define("manual", `T${id.slice(2)}`, text).spec();
    expect(spec.columns[0]?.comment).toBe(comment);
  });

  it("R-113: keeps quotes in the comment of a table", async () => {
    const spec = await lab.tables.define("manual", "T113", '# a "quoted" title\na : int8').spec();
    expect(spec.comment).toBe('a "quoted" title');
  });
});
