import { executeAll } from "@mortise/sql";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { column, create, table } from "../../../packages/sql/src/testing/table.ts";
import { execute } from "../foreign-tables/execute.ts";
import { openPostgresLab, type PostgresLab } from "./postgres-lab.ts";

const e = column("e", "enum('y','x')");
const toParent = {
  foreignKeys: [{ columns: ["e"], parent: { schema: "lab", table: "parent" }, parentColumns: ["e"] }],
};
const parent = table("parent", [e]);
const child = { ...table("child", [e], toParent), schema: "lab2" };

describe("enum types on PostgreSQL", () => {
  let lab: PostgresLab;
  beforeAll(async () => {
    lab = await openPostgresLab();
  });
  afterAll(() => lab[Symbol.asyncDispose]());
  beforeEach(() =>
    execute(lab.raw, [
      "drop schema if exists lab cascade",
      "drop schema if exists lab2 cascade",
      "create schema lab",
      "create schema lab2",
    ]),
  );

  const types = async () => {
    const rows = await lab.raw.query(
      `select n.nspname || '.' || t.typname as type from pg_type t join pg_namespace n on n.oid = t.typnamespace
       where t.typtype = 'e' order by 1`,
    );
    return rows.map((row) => row["type"]);
  };
  const drop = (spec: typeof parent) => executeAll(lab.database, lab.database.dialect.dropTable(spec));

  it("R-124: a child has its parent's type, which stays as long as one of them does", async () => {
    await create(lab.database, parent, child);
    const [type, ...more] = await types();
    expect(more).toEqual([]);
    expect(String(type)).toMatch(/^lab\.enum_[0-9a-f]{8}$/);
    await drop(child);
    expect(await types()).toEqual([type]);
    await drop(parent);
    expect(await types()).toEqual([]);
  });

  it("R-421: dropping a table takes no column of the same type along", async () => {
    await execute(lab.raw, [
      "create type lab.enum_52102d8e as enum ('x', 'y')",
      "create table lab.parent (e lab.enum_52102d8e primary key)",
      "create table lab.other (k int primary key, e lab.enum_52102d8e)",
    ]);
    const [, found] = await lab.database.catalog.tables(lab.database, "lab");
    await drop(found ?? parent);
    const [other] = await lab.database.catalog.tables(lab.database, "lab");
    expect(other?.columns.map(({ name }) => name)).toEqual(["k", "e"]);
    expect(await types()).toEqual(["lab.enum_52102d8e"]);
    await drop(other ?? parent);
    expect(await types()).toEqual([]);
  });

  it("a child of a table of Python's takes the type that values share there", async () => {
    await execute(lab.raw, [
      "create type lab.enum_52102d8e as enum ('x', 'y')",
      "create table lab.parent (e lab.enum_52102d8e primary key)",
      "comment on column lab.parent.e is ':enum(''y'',''x''):'",
    ]);
    await create(lab.database, child);
    expect(await types()).toEqual(["lab.enum_52102d8e"]);
    expect(await lab.database.catalog.tables(lab.database, "lab2")).toEqual([child]);
  });

  it("leaves types alone that are not named as DataJoint names them", async () => {
    await execute(lab.raw, [
      "create type lab.mood as enum ('x', 'y')",
      "create table lab.parent (e lab.mood primary key)",
    ]);
    await drop(parent);
    expect(await types()).toEqual(["lab.mood"]);
  });

  it("replaces a type that a dropped table left behind, and refuses one that is in use", async () => {
    await create(lab.database, parent);
    const [type] = await types();
    await execute(lab.raw, ["drop table lab.parent"]);
    await create(lab.database, { ...parent, columns: [column("e", "enum('z')")] });
    expect(await types()).toEqual([type]);
    await execute(lab.raw, ["alter table lab.parent rename to renamed"]);
    await expect(create(lab.database, parent)).rejects.toMatchObject({ name: "QueryError" });
    expect((await lab.database.catalog.tables(lab.database, "lab")).map(({ name }) => name)).toEqual(["renamed"]);
  });

  it("leaves the rest of a child's declaration as it is written", async () => {
    await create(lab.database, parent);
    const text = "a\\b 100%s '";
    const other = column("d", "varchar(20)", { default: { kind: "literal", text }, comment: text });
    const spec = { ...child, columns: [e, other, { ...e, name: "r", nullable: true }] };
    await create(lab.database, spec);
    const made = await lab.database.catalog.tables(lab.database, "lab2");
    // The column that refers to nothing has a type of its own.
    expect(made).toEqual([
      { ...spec, columns: [e, other, { ...e, name: "r", nullable: true, default: { kind: "null" } }] },
    ]);
    expect((await types()).length).toBe(2);
  });

  it("refuses to drop a table that others refer to", async () => {
    await create(lab.database, parent, child);
    await expect(drop(parent)).rejects.toMatchObject({ name: "QueryError" });
    expect((await lab.database.catalog.tables(lab.database, "lab")).length).toBe(1);
    expect((await types()).length).toBe(1);
  });
});
