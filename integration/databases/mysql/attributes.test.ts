import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { factsOf } from "../foreign-tables/attribute-facts.ts";
import { execute } from "../foreign-tables/execute.ts";
import { type DatabaseLab, openDatabaseLab } from "../lab/database-lab.ts";

// Stored columns of MySQL, made by hand as the reference makes them, read by Mortise (relational cases, section 7).

const statements = [
  "create database lab",
  `create table lab.facts (
    id int not null comment ':int32:unique id',
    u binary(16) not null comment ':uuid:',
    e enum('x','y') not null,
    b tinyint not null,
    name varchar(100) not null comment ':varchar(100):display name',
    sex enum('M','F','U') not null default 'U' comment ":enum('M','F','U'):",
    dob date default null comment ':date:',
    val float not null comment ':float32:',
    n int not null comment ':int32:',
    raw longblob default null comment ':<blob>:',
    traces json not null comment ':<blob@main>:traces',
    files json not null comment ':<object@>:',
    _job_start_time datetime(3) default null,
    _job_version varchar(64) default '',
    primary key (id, u, e, b)) engine=InnoDB`,
  `create table lab.\`#setup\` (
    _singleton tinyint not null default true comment ':bool:singleton primary key',
    version int not null default '1' comment ':int32:',
    primary key (_singleton)) engine=InnoDB`,
];

const rows = [
  ["R-136", "id", "int32", "int32", "unique id", ["key"]],
  ["R-137", "name", "varchar", "varchar(100)", "display name", []],
  ["R-138", "sex", "enum", "enum('M','F','U')", "", []],
  ["R-139", "dob", "date", "date", "", ["null"]],
  ["R-140", "u", "uuid", "uuid", "", ["key"]],
  ["R-141", "e", "enum", "enum('x','y')", "", ["key"]],
  ["R-142", "b", "tinyint", "tinyint", "", ["key"]],
  ["R-143", "val", "float32", "float32", "", []],
  ["R-144", "raw", "bytes", "<blob>", "", ["null", "codec=blob"]],
  ["R-145", "traces", "json", "<blob@main>", "traces", ["codec=blob", "store=main"]],
  ["R-146", "files", "json", "<object@>", "", ["codec=object", "store="]],
  ["R-148", "n", "int32", "int32", "", []],
] as const;

describe("attributes of tables that were made by hand", () => {
  let lab: DatabaseLab;
  beforeAll(async () => {
    lab = await openDatabaseLab();
    await execute(lab.raw, statements);
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  it.each(rows)("%s: %s", async (_id, name, type, declared, comment, flags) => {
    const heading = await (await lab.project.schema("lab").table("Facts")).heading();
    expect(factsOf(heading.byName.get(name))).toEqual({ type, declared, comment, flags });
  });

  it("R-147: the key of a singleton is hidden, and the table takes one row", async () => {
    const Setup = await lab.project.schema("lab").table("Setup");
    const heading = await Setup.heading();
    expect([heading.primaryKey, [...heading.byName.keys()]]).toEqual([[], ["version"]]);
    await Setup.insertOne({ version: 2 });
    await expect(Setup.insertOne({})).rejects.toMatchObject({ code: "duplicate" });
    expect(await Setup.fetch()).toEqual([{ version: 2 }]);
  });

  it.each([
    ["R-149", "_job_start_time"],
    ["R-150", "_job_version"],
  ])("%s: %s is hidden, and inserts leave it to the database", async (_id, name) => {
    const Facts = await lab.project.schema("lab").table("Facts");
    expect((await Facts.heading()).byName.has(name)).toBe(false);
    const key = { id: 1, u: crypto.randomUUID(), e: "x", b: 1 };
    const values = { name: "it's", val: 0.5, n: 2, traces: [1, 2], files: new Uint8Array(3) };
    await Facts.insertOne({ ...key, ...values });
    expect(await Facts.where(key).proj("name", "sex", "val", "traces").fetchOne()).toEqual({
      ...key,
      name: "it's",
      sex: "U",
      val: 0.5,
      traces: [1, 2],
    });
    const found = await lab.raw.query("select _job_start_time, _job_version from lab.facts where u = ?", [
      Buffer.from(key.u.replaceAll("-", ""), "hex"),
    ]);
    expect(found).toEqual([{ _job_start_time: null, _job_version: "" }]);
  });
});
