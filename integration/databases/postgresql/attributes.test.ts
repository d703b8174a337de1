import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { factsOf } from "../foreign-tables/attribute-facts.ts";
import { execute } from "../foreign-tables/execute.ts";
import { type DatabaseLab, openDatabaseLab } from "../lab/database-lab.ts";

// Stored columns of PostgreSQL, made by hand as the reference makes them, read by Mortise (relational cases, section 7).

const statements = [
  "create schema lab",
  "create type lab.enum_e54fc739 as enum ('M', 'F', 'U')",
  "create type lab.enum_52102d8e as enum ('x', 'y')",
  `create table lab.facts (
    id integer not null,
    u uuid not null,
    d numeric(5,0) not null,
    t timestamp(3) not null,
    b boolean not null,
    f double precision not null,
    v uuid not null,
    e lab.enum_52102d8e not null,
    name varchar(100) not null,
    sex lab.enum_e54fc739 not null default 'U',
    dob date default null,
    val real not null,
    raw bytea default null,
    traces jsonb not null,
    _job_start_time timestamp default null,
    primary key (id, u, d, t, b, f, v, e))`,
  ...Object.entries({
    id: ":int32:unique id",
    u: ":uuid:",
    d: ":decimal(5,0):",
    t: ":datetime(3):",
    b: ":bool:",
    f: ":float64:",
    name: ":varchar(100):display name",
    sex: ":enum('M','F','U'):",
    dob: ":date:",
    val: ":float32:",
    raw: ":<blob>:",
    traces: ":<blob@main>:traces",
  }).map(([name, comment]) => `comment on column lab.facts.${name} is '${comment.replaceAll("'", "''")}'`),
];

const rows = [
  ["R-151", "id", "int32", "int32", "unique id", ["key"]],
  ["R-152", "name", "varchar", "varchar(100)", "display name", []],
  ["R-153", "sex", "enum", "enum('M','F','U')", "", []],
  ["R-154", "dob", "date", "date", "", ["null"]],
  ["R-155", "u", "uuid", "uuid", "", ["key"]],
  ["R-156", "d", "decimal", "decimal(5,0)", "", ["key"]],
  ["R-157", "t", "datetime", "datetime(3)", "", ["key"]],
  ["R-158", "b", "bool", "bool", "", ["key"]],
  ["R-159", "f", "float64", "float64", "", ["key"]],
  ["R-160", "v", "uuid", "uuid", "", ["key"]],
  ["R-161", "e", "enum", "enum('x','y')", "", ["key"]],
  ["R-162", "val", "float32", "float32", "", []],
  ["R-163", "raw", "bytes", "<blob>", "", ["null", "codec=blob"]],
  ["R-164", "traces", "json", "<blob@main>", "traces", ["codec=blob", "store=main"]],
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

  it("takes rows, and gives them back", async () => {
    const Facts = await lab.project.schema("lab").table("Facts");
    const row = {
      id: 1,
      u: crypto.randomUUID(),
      d: "12345",
      t: "2024-01-02T03:04:05.678",
      b: true,
      f: 0.1,
      v: crypto.randomUUID(),
      e: "y",
      name: "it's",
      val: 0.5,
      raw: [1, "two"],
      traces: { deep: [null] },
    };
    await Facts.insertOne(row);
    expect(await Facts.where({ u: row.u, v: row.v, e: "y", t: row.t, b: true, d: 12345 }).fetchOne()).toEqual({
      ...row,
      sex: "U",
      dob: null,
    });
    expect(await lab.raw.query("select e, sex, _job_start_time from lab.facts")).toEqual([
      { e: "y", sex: "U", _job_start_time: null },
    ]);
  });
});
