import { type Database, type Executor, executeAll, type TableSpec, useDefault } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testServer } from "../../../packages/schema/test/database/provided.ts";
import { createTestDatabase, type TestDatabase } from "../../../packages/schema/test/database/test-database.ts";
import { openRaw, type RawClient } from "../lab/raw-client.ts";

// What hands and Python have made, read through our catalog (relational cases, section 17).

const isMariaDb = testServer()?.name.startsWith("MariaDB") === true;

/** `name type [null] [= default] [# comment]`. */
function lines({ columns }: TableSpec): readonly string[] {
  return columns.map(({ name, type, marker, nullable, default: value, comment }) => {
    const preset = value === undefined || value.kind === "null" ? "" : ` = ${value.kind} ${value.text}`;
    const shown = marker === undefined ? `${type.kind} ${type.text}` : `:${marker}: ${type.text}`;
    return `${name} ${shown}${nullable ? " null" : ""}${preset}${comment === "" ? "" : ` # ${comment}`}`;
  });
}

describe("tables that others have made", () => {
  let place: TestDatabase;
  let database: Database;
  let raw: RawClient;
  beforeAll(async () => {
    place = await createTestDatabase();
    database = await place.open();
    raw = await openRaw(place);
    await raw.query("create database hand");
  });
  afterAll(async () => {
    await raw[Symbol.asyncDispose]();
    await database.close();
    await place[Symbol.asyncDispose]();
  });

  async function read(...names: readonly string[]): Promise<readonly TableSpec[]> {
    return await database.catalog.tables(database, "hand", names);
  }

  it("R-415: may have names, indexes, markers on foreign keys and types in capitals of their own", async () => {
    await raw.query(`create table hand.parent (ID INT(11) NOT NULL COMMENT ':int32:unique id', CONSTRAINT pk_x PRIMARY KEY (ID))
      ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`);
    await raw.query(`create table hand.child (
      ID INT NOT NULL COMMENT ':int32:unique id', other_id INT NULL COMMENT ':int32:', note VARCHAR(20) NOT NULL DEFAULT 'x',
      PRIMARY KEY (ID), KEY extra (note, ID), UNIQUE KEY both_ways (other_id, note),
      CONSTRAINT fk_custom FOREIGN KEY (other_id) REFERENCES hand.parent (ID) ON UPDATE CASCADE ON DELETE RESTRICT,
      CONSTRAINT fk_another FOREIGN KEY (ID) REFERENCES hand.parent (ID))`);
    const [child, parent] = await read("parent", "child");
    expect(parent).toMatchObject({ name: "parent", primaryKey: ["ID"], foreignKeys: [], indexes: [] });
    expect(lines(parent as TableSpec)).toEqual(["ID :int32: int32 # unique id"]);
    expect(lines(child as TableSpec)).toEqual([
      "ID :int32: int32 # unique id",
      "other_id :int32: int32 null",
      "note core varchar(20) = literal x",
    ]);
    expect(child?.foreignKeys.map(({ columns }) => columns.join()).toSorted()).toEqual(["ID", "other_id"]);
    expect(child?.indexes).toEqual([
      { unique: true, items: [{ column: "other_id" }, { column: "note" }] },
      { unique: false, items: [{ column: "note" }, { column: "ID" }] },
    ]);
  });

  it("R-416: may have no lineage", async () => {
    expect(await database.catalog.lineage(database, "hand")).toBeUndefined();
  });

  it("may have types that no definition has", async () => {
    await raw.query(`create table hand.types (
      a bigint(20) unsigned not null auto_increment, b tinyint(1) default 1, c double(10,2), d float(7,3), e decimal(10,2) unsigned,
      f numeric(10,2), g real, h year, i time(3), j timestamp(6) null, k set('a','b') default 'a', l bit(3) default b'101',
      m blob, n binary(16), o varbinary(10) default 'ab', p tinytext, q point, r int(5) unsigned zerofill, s enum('it''s','b:c'),
      t mediumint, u json, v integer, w char(3) character set latin1, x text, y longtext, z boolean, primary key (a))`);
    const [found] = await read("types");
    expect(lines(found as TableSpec)).toEqual([
      "a native bigint unsigned auto_increment",
      "b native tinyint null = literal 1",
      "c native double(10,2) null",
      "d native float(7,3) null",
      "e native decimal(10,2) unsigned null",
      "f core decimal(10,2) null",
      "g native double null",
      "h native year null",
      "i native time(3) null",
      "j native timestamp(6) null",
      "k native set('a','b') null = literal a",
      "l native bit(3) null = sql b'101'",
      "m native blob null",
      "n native binary(16) null",
      `o native varbinary(10) null = sql ${isMariaDb ? "'ab'" : "0x6162"}`,
      "p native tinytext null",
      "q native point null",
      "r native int unsigned zerofill null",
      "s native enum('it''s','b:c') null",
      "t native mediumint null",
      "u core json null",
      "v native int null",
      "w core char(3) null",
      "x native text null",
      "y native longtext null",
      "z native tinyint null",
    ]);
  });

  it("may be read whatever their types", async () => {
    await raw.query(`insert into hand.types (b, c, l, m, n, h, i, r, k)
      values (0, 1.5, b'011', x'00ff', x'01', 2024, '-01:02:03.5', 7, 'a,b')`);
    const [found] = await read("types");
    const { rows } = await database.execute(sql`select * from ${database.dialect.table("hand", "types")}`);
    const values = Object.fromEntries(
      (found?.columns ?? []).flatMap(({ name, type }) => {
        const value = rows[0]?.[name];
        return value === null || value === undefined ? [] : [[name, database.dialect.fromDatabase(type, value)]];
      }),
    );
    expect(values).toEqual({
      a: 1n,
      b: 0,
      c: 1.5,
      h: 2024,
      i: "-01:02:03.500",
      k: "a,b",
      l: new Uint8Array([3]),
      m: new Uint8Array([0, 255]),
      n: new Uint8Array([1, ...Array<number>(15).fill(0)]),
      o: new Uint8Array([97, 98]),
      r: 7,
    });
  });

  it("may have no key, another engine, partitions, or fill their columns themselves", async () => {
    await raw.query("create table hand.keyless (a int, key (a))");
    await raw.query("create table hand.isam (a int primary key, b text, fulltext key (b)) engine=MyISAM");
    await raw.query("create table hand.parts (a int primary key) partition by hash (a) partitions 3");
    await raw.query(`create table hand.filled (a int primary key, b int generated always as (a + 1) stored,
      c int as (a * 2) virtual, d int default (1 + 1), e timestamp not null default current_timestamp on update current_timestamp)`);
    const [filled, isam, keyless, parts] = await read("keyless", "isam", "parts", "filled");
    expect(keyless).toMatchObject({ primaryKey: [], indexes: [{ unique: false, items: [{ column: "a" }] }] });
    expect(isam).toMatchObject({ primaryKey: ["a"], indexes: [] });
    expect(parts).toMatchObject({ primaryKey: ["a"] });
    expect(filled?.columns.map(({ default: value }) => value?.kind)).toEqual([undefined, "sql", "sql", "sql", "sql"]);
    const request = { schema: "hand", table: "filled", columns: ["a", "b", "c", "d", "e"], primaryKey: ["a"] };
    const row = [1, useDefault, useDefault, useDefault, useDefault];
    await executeAll(database, database.dialect.insert({ ...request, rows: [row] }));
    expect(await raw.query("select a, b, c, d from hand.filled")).toEqual([{ a: 1, b: 2, c: 2, d: 2 }]);
  });

  it("are tables, not views, and hidden ones only where they are asked for", async () => {
    await raw.query("create table hand.seen (a int primary key)");
    await raw.query("create view hand.a_view as select * from hand.seen");
    await raw.query("create table hand.`~hidden` (a int primary key)");
    const names = await database.catalog.tableNames(database, "hand");
    expect(names).toContain("seen");
    expect(names).not.toContain("a_view");
    expect(names).not.toContain("~hidden");
    expect((await database.catalog.tables(database, "hand")).map(({ name }) => name)).toEqual(names);
    expect((await read("~hidden", "a_view", "nowhere")).map(({ name }) => name)).toEqual(["~hidden"]);
    expect(await database.catalog.tables(database, "hand", [])).toEqual([]);
    expect(await database.catalog.tables(database, "no_such_schema")).toEqual([]);
  });

  it("R-422: may refer to themselves, and to each other in a circle", async () => {
    await raw.query("create table hand.self (a int primary key, b int, foreign key (b) references hand.self (a))");
    const edges = await database.catalog.foreignKeysInto(database, ["hand"]);
    const table = { schema: "hand", table: "self" };
    expect(edges).toContainEqual({ child: table, parent: table, columns: [["b", "a"]] });
  });

  it("R-120: have bare comments and no markers on foreign keys where Python has made them", async () => {
    await raw.query("create database py");
    await raw.query(`CREATE TABLE IF NOT EXISTS py.subject (
      subject_id int NOT NULL COMMENT ":int32:unique id",
      name varchar(100) NOT NULL COMMENT ":varchar(100):it's a \\"test\\"",
      PRIMARY KEY (subject_id)) ENGINE=InnoDB, COMMENT "Experimental subject"`);
    await raw.query(`CREATE TABLE IF NOT EXISTS py.visit (
      subject_id int NOT NULL COMMENT "unique id",
      visit smallint NOT NULL COMMENT ":int16:",
      rival int COMMENT "unique id",
      score double DEFAULT NULL COMMENT ":float64:",
      PRIMARY KEY (subject_id, visit),
      FOREIGN KEY (subject_id) REFERENCES py.subject (subject_id) ON UPDATE CASCADE ON DELETE RESTRICT,
      FOREIGN KEY (rival) REFERENCES py.subject (subject_id) ON UPDATE CASCADE ON DELETE RESTRICT,
      UNIQUE INDEX (rival), index (score)) ENGINE=InnoDB`);
    const [subject, visit] = await database.catalog.tables(database, "py");
    expect(subject?.comment).toBe("Experimental subject");
    expect(subject?.columns[1]?.comment).toBe(`it's a "test"`);
    expect(lines(visit as TableSpec)).toEqual([
      "subject_id native int # unique id",
      "visit :int16: int16",
      "rival native int null # unique id",
      "score :float64: float64 null",
    ]);
    expect(visit?.indexes).toEqual([
      { unique: true, items: [{ column: "rival" }] },
      { unique: false, items: [{ column: "score" }] },
    ]);
    // What a key refers to comes before the rest, and nullable columns of keys have no default of their own.
    expect(visit?.columns[2]?.default).toBeUndefined();
    expect(visit?.columns[3]?.default).toEqual({ kind: "null" });
  });

  it("are read by five statements, however many there are", async () => {
    const texts: string[] = [];
    const counted: Executor = {
      execute: (statement, options) => {
        texts.push("one");
        return database.execute(statement, options);
      },
    };
    const found = await database.catalog.tables(counted, "hand");
    expect(found.length).toBeGreaterThan(8);
    expect(texts.length).toBeLessThanOrEqual(5);
  });

  it("R-132: get the lineage table that Python makes, once, and only their own rows in it", async () => {
    const row = (table: string) => ({ table, attribute: "a", lineage: `hand.${table}.a` });
    await database.catalog.replaceLineage(database, "hand", "seen", [row("seen")]);
    await database.catalog.replaceLineage(database, "hand", "parts", [row("parts")]);
    await database.catalog.replaceLineage(database, "hand", "seen", [{ ...row("seen"), lineage: "else.where.b" }]);
    expect(await database.catalog.lineage(database, "hand")).toEqual([
      row("parts"),
      { ...row("seen"), lineage: "else.where.b" },
    ]);
    const columns = await raw.query("show full columns from hand.`~lineage`");
    expect(columns.map(({ Field, Type, Null, Key, Comment }) => [Field, Type, Null, Key, Comment])).toEqual([
      ["table_name", "varchar(64)", "NO", "PRI", "table name within the schema"],
      ["attribute_name", "varchar(64)", "NO", "PRI", "attribute name"],
      ["lineage", "varchar(255)", "NO", "", "origin: schema.table.attribute"],
    ]);
  });
});
