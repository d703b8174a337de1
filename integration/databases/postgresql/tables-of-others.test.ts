import { executeAll, isAutoIncrement } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { execute } from "../foreign-tables/execute.ts";
import { openPostgresLab, type PostgresLab } from "./postgres-lab.ts";

// Tables that other programs have made: whatever they hold, they can be read.

const statements = [
  'create schema "My Lab"',
  "create schema lab",
  "create domain lab.positive as int check (value > 0)",
  "create type lab.pair as (a int, b text)",
  "create type lab.mood as enum ('sad', 'it''s ok')",
  `create table lab.everything (
    "Id" bigint generated always as identity primary key,
    counted serial not null,
    twice int generated always as (counted * 2) stored,
    range int4range, list text[], address inet, at timestamptz(3), span interval, amount money, flags bit(4),
    positive lab.positive, pair lab.pair, mood lab.mood default 'it''s ok', free varchar, doc xml, old json,
    made timestamp default now(), unique (address, mood))`,
  "create index on lab.everything (lower(free))",
  "create index on lab.everything using gin (list)",
  "create unique index on lab.everything (free) where positive > 3",
  "create table lab.keyless (a int)",
  "create table lab.parted (a int, b int, primary key (a, b)) partition by range (a)",
  "create table lab.parted_1 partition of lab.parted for values from (1) to (10)",
  "create table lab.refers (r int primary key, a int, b int, foreign key (a, b) references lab.parted)",
  "create view lab.seen as select 1 as a",
  "create materialized view lab.kept as select 1 as a",
  'create table lab."~hidden" (a int primary key)',
  'create table "My Lab"."A ""B""" ("x y" int primary key, "ü" text)',
  `comment on column "My Lab"."A ""B"""."ü" is ':varchar(9):\\"quoted\\" by Python'`,
  "alter table lab.keyless add gone int",
  "alter table lab.keyless drop gone",
];

describe("tables of others on PostgreSQL", () => {
  let lab: PostgresLab;
  beforeAll(async () => {
    lab = await openPostgresLab();
    await execute(lab.raw, statements);
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  it("lists tables and partitioned ones, but no views, parts and hidden tables", async () => {
    const { catalog } = lab.database;
    expect(await catalog.schemas(lab.database)).toEqual(["My Lab", "lab", "public"]);
    const names = ["everything", "keyless", "parted", "refers"];
    expect(await catalog.tableNames(lab.database, "lab")).toEqual(names);
    expect((await catalog.tables(lab.database, "lab")).map((spec) => spec.name)).toEqual(names);
    expect(await catalog.tables(lab.database, "no such schema")).toEqual([]);
    expect(await catalog.tables(lab.database, "lab", [])).toEqual([]);
    expect((await catalog.tables(lab.database, "lab", ["nope", "keyless"])).length).toBe(1);
  });

  it("reads every type, those that only the server knows by its name for them", async () => {
    const [spec] = await lab.database.catalog.tables(lab.database, "lab", ["everything"]);
    const shown = spec?.columns.map(({ name, type, marker, default: value }) => [name, type.text, marker, value]);
    const none = { kind: "null" };
    expect(shown).toEqual([
      ["Id", "bigserial", undefined, undefined],
      ["counted", "serial", undefined, undefined],
      ["twice", "int", undefined, { kind: "sql", text: "(counted * 2)" }],
      ["range", "int4range", undefined, none],
      ["list", "text[]", undefined, none],
      ["address", "inet", undefined, none],
      ["at", "timestamp(3) with time zone", undefined, none],
      ["span", "interval", undefined, none],
      ["amount", "money", undefined, none],
      ["flags", "bit(4)", undefined, none],
      ["positive", "lab.positive", undefined, none],
      ["pair", "lab.pair", undefined, none],
      ["mood", "enum('sad','it''s ok')", undefined, { kind: "literal", text: "it's ok" }],
      ["free", "character varying", undefined, none],
      ["doc", "xml", undefined, none],
      ["old", "json", undefined, none],
      ["made", "timestamp", undefined, { kind: "sql", text: "now()" }],
    ]);
    expect(spec?.columns.filter(({ type }) => isAutoIncrement(type)).map(({ name }) => name)).toEqual([
      "Id",
      "counted",
    ]);
    expect(spec?.primaryKey).toEqual(["Id"]);
    expect(spec?.indexes).toEqual([
      { unique: true, items: [{ column: "address" }, { column: "mood" }] },
      { unique: false, items: [{ expression: "lower(free::text)" }] },
    ]);
  });

  it("reads tables without a key, partitioned ones and what refers to them", async () => {
    const [keyless, parted, refers] = await lab.database.catalog.tables(lab.database, "lab", [
      "keyless",
      "parted",
      "refers",
    ]);
    expect(keyless).toMatchObject({ primaryKey: [], columns: [{ name: "a" }] });
    expect(parted).toMatchObject({ primaryKey: ["a", "b"] });
    const edge = { parent: { schema: "lab", table: "parted" } };
    expect(refers?.foreignKeys).toEqual([{ ...edge, columns: ["a", "b"], parentColumns: ["a", "b"] }]);
    expect(await lab.database.catalog.foreignKeysInto(lab.database, ["lab", "My Lab"])).toEqual([
      {
        ...edge,
        child: { schema: "lab", table: "refers" },
        columns: [
          ["a", "a"],
          ["b", "b"],
        ],
      },
    ]);
  });

  it("finds names of any letters, and reads a comment with Python's backslashes", async () => {
    const [spec] = await lab.database.catalog.tables(lab.database, "My Lab");
    expect(spec).toMatchObject({
      name: 'A "B"',
      primaryKey: ["x y"],
      columns: [
        { name: "x y" },
        { name: "ü", marker: "varchar(9)", comment: '"quoted" by Python', type: { text: "text" } },
      ],
    });
  });

  it("fills columns that are numbered and computed by the server", async () => {
    const { dialect } = lab.database;
    const request = { schema: "lab", table: "everything", primaryKey: ["Id"], columns: ["range", "list"] };
    await executeAll(lab.database, dialect.insert({ ...request, rows: [["[1,5)", '{a,"b c"}']] }));
    const rows = Array.from({ length: 40 }, () => ["empty", "{}"]);
    await executeAll(lab.database, dialect.insert({ ...request, rows }));
    const found = await lab.database.execute(sql`select "Id", twice, range, list from lab.everything order by 1`);
    expect(found.rows.length).toBe(41);
    expect(found.rows[0]).toEqual({ Id: 1, twice: 2, range: "[1,5)", list: '{a,"b c"}' });
  });
});
