import { describe, expect, it } from "vitest";
import { execute } from "../foreign-tables/execute.ts";
import { openDatabaseLab } from "../lab/database-lab.ts";

// What only PostgreSQL can hold (relational cases, section 17).

const id = "01234567-89ab-cdef-0123-456789abcdef";

describe("tables of PostgreSQL that were made by hand", () => {
  it.each([
    ["R-418", "without a marker on the child's column", undefined],
    ["R-419", "with a marker on the child's column", ":uuid:"],
  ])("%s: a uuid key %s is inserted, found and fetched", async (_id, _what, comment) => {
    await using lab = await openDatabaseLab();
    await execute(lab.raw, [
      "create schema lab",
      "create table lab.parent (u uuid not null primary key)",
      "comment on column lab.parent.u is ':uuid:'",
      "create table lab.child (u uuid not null primary key references lab.parent on update cascade on delete restrict)",
      ...(comment === undefined ? [] : [`comment on column lab.child.u is '${comment}'`]),
    ]);
    const schema = lab.project.schema("lab");
    await (await schema.table("Parent")).insertOne({ u: id });
    const Child = await schema.table("Child");
    await Child.insertOne({ u: id.toUpperCase() });
    expect(await Child.where({ u: id }).fetch()).toEqual([{ u: id }]);
    expect(await lab.raw.query("select u from lab.child")).toEqual([{ u: id }]);
  });

  it("R-421: dropping a table leaves an enum type that other columns have, and those columns", async () => {
    await using lab = await openDatabaseLab();
    await execute(lab.raw, [
      "create schema lab",
      "create type lab.enum_52102d8e as enum ('x', 'y')",
      "create table lab.one (k int not null primary key, e lab.enum_52102d8e not null)",
      "create table lab.two (k int not null primary key, e lab.enum_52102d8e not null)",
      "insert into lab.two values (1, 'y')",
    ]);
    const schema = lab.project.schema("lab");
    await (await schema.table("One")).drop();
    expect(await (await schema.table("Two")).fetch()).toEqual([{ k: 1, e: "y" }]);
    // A type of its own goes with its table: nothing else can use it.
    const definition: string = "k : int8\n---\ne : enum('a','b')";
    const Own = schema.manual("Own", definition);
    await Own.heading();
    await Own.drop();
    const types = await lab.raw.query("select typname from pg_type where typtype = 'e'");
    expect(types).toEqual([{ typname: "enum_52102d8e" }]);
  });
});
