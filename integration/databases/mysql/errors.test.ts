import { inspect } from "node:util";
import type { Database } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failureOf, type MysqlPlace, openPlace } from "./place.ts";

let place: MysqlPlace;
let database: Database;

beforeAll(async () => {
  place = await openPlace({ waitMs: 1000 });
  database = place.database;
  await database.execute(sql`create table lab.parent (id int primary key, name varchar(4) not null,
    kind enum('a','b'), small tinyint, day date, amount decimal(4,2), doc json, unique key (name)) engine = InnoDB`);
  await database.execute(sql`create table lab.child (id int primary key,
    constraint its_parent foreign key (id) references lab.parent (id)) engine = InnoDB`);
  await database.execute(sql`create table lab.checked (a int check (a > 0)) engine = InnoDB`);
  await database.execute(sql`insert into lab.parent (id, name) values (1, 'one')`);
  await database.execute(sql`insert into lab.child values (1)`);
});
afterAll(() => place[Symbol.asyncDispose]());

describe("a refused statement", () => {
  it.each([
    ["duplicate", "insert into lab.parent (id, name) values (1, 'x')"],
    ["duplicate", "insert into lab.parent (id, name) values (2, 'one')"],
    ["integrity", "insert into lab.child values (7)"],
    ["integrity", "delete from lab.parent where id = 1"],
    ["integrity", "update lab.parent set id = 9 where id = 1"],
    ["integrity", "drop table lab.parent"],
    ["missing-attribute", "insert into lab.parent (id) values (3)"],
    ["missing-attribute", "insert into lab.parent (id, name) values (3, null)"],
    ["unknown-attribute", "select nothing from lab.parent"],
    ["unknown-attribute", "insert into lab.parent (id, nothing) values (3, 1)"],
    ["syntax", "selec 1"],
    ["missing-table", "select 1 from lab.nowhere"],
    ["missing-table", "select 1 from nowhere.parent"],
    ["missing-table", "select 1 from parent"],
    ["missing-table", "drop table lab.nowhere"],
    ["table-exists", "create table lab.parent (id int primary key)"],
    ["out-of-range", "insert into lab.parent (id, name) values (3, 'too long')"],
    ["out-of-range", "insert into lab.parent (id, name, kind) values (3, 'x', 'c')"],
    ["out-of-range", "insert into lab.parent (id, name, small) values (3, 'x', 200)"],
    ["out-of-range", "insert into lab.parent (id, name, day) values (3, 'x', '2024-02-30')"],
    ["out-of-range", "insert into lab.parent (id, name, day) values (3, 'x', '0000-00-00')"],
    ["out-of-range", "insert into lab.parent (id, name, amount) values (3, 'x', 1000)"],
    ["out-of-range", "insert into lab.parent (id, name, small) values (3, 'x', 'abc')"],
    ["out-of-range", "insert into lab.checked values (0)"],
    ["out-of-range", "insert into lab.parent (id, name, amount) values (3, 'x', 1 / 0)"],
    ["invalid-query", "insert into lab.checked values (1, 2)"],
  ])("has the code %s: %s", async (code, text) => {
    const error = await failureOf(database.execute(sql.raw(text)));
    expect(error).toMatchObject({ name: "QueryError", code });
    expect(error.cause).toMatchObject({ errno: expect.any(Number), sqlState: expect.any(String) });
  });

  it("is refused as well where json is no json", async () => {
    const error = await failureOf(
      database.execute(sql`insert into lab.parent (id, name, doc) values (3, 'x', ${"{"})`),
    );
    expect(error).toMatchObject({ code: "out-of-range" });
  });

  it("leaves the transaction as it was, and shows neither statement nor values", async () => {
    await using session = await database.begin();
    await session.execute(sql`insert into lab.parent (id, name) values (50, 'kept')`);
    const secret = "hunter2-hunter2";
    const error = await failureOf(session.execute(sql`insert into lab.child (id, secret) values (1, ${secret})`));
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret);
    await session.commit();
    const { rows } = await database.execute(sql`select name from lab.parent where id = 50`);
    expect(rows).toEqual([{ name: "kept" }]);
  });

  it("has the code access in a read-only session, or without the privilege", async () => {
    await using session = await database.begin({ readOnly: true });
    const reading = await failureOf(session.execute(sql`delete from lab.child`));
    expect(reading).toMatchObject({ code: "access", hint: expect.stringContaining("read-only") });
    await session.rollback();
    await place.raw.query("create user 'reader'@'%' identified by 'pw'");
    await place.raw.query("grant select on lab.parent to 'reader'@'%'");
    const reader = await place.open({ user: "reader", password: "pw" });
    for (const text of ["delete from lab.parent", "select * from lab.child", "create database other"]) {
      expect(await failureOf(reader.execute(sql.raw(text)))).toMatchObject({ code: "access" });
    }
    await place.raw.query("drop user 'reader'@'%'");
  });

  it("has the code invalid-query where a value can't be bound, and nothing was sent", async () => {
    for (const value of [new Date(), Number.NaN, undefined, { a: 1 }, "\ud800"]) {
      expect(await failureOf(database.execute(sql`select ${value}`))).toMatchObject({ code: "invalid-query" });
    }
    const two = await failureOf(database.execute(sql.raw("delete from lab.checked; drop table lab.checked")));
    expect(two).toMatchObject({ code: "syntax" });
    expect((await database.execute(sql`select count(*) as n from lab.checked`)).rows).toEqual([{ n: 0 }]);
  });

  it("has the code invalid-query where it is larger than the server takes, and the connection stays", async () => {
    await using session = await database.begin();
    const { rows } = await session.execute<{ n: number }>(sql`select @@max_allowed_packet as n`);
    const large = new Uint8Array((rows[0]?.n ?? 0) + 1);
    const error = await failureOf(session.execute(sql`select length(${large}) as n`));
    expect(error).toMatchObject({ code: "invalid-query", hint: expect.stringContaining("max_allowed_packet") });
    expect((await session.execute(sql`select 1 as n`)).rows).toEqual([{ n: 1 }]);
    await session.rollback();
  });

  it("has a column name that no object has, and other connections go on", async () => {
    const error = await failureOf(database.execute(sql`select 1 as ${sql.id("__proto__")}`));
    expect(error).toMatchObject({ code: expect.stringMatching(/^(?:invalid-query|connection-lost)$/) });
    expect((await database.execute(sql`select 1 as ${sql.id("constructor")}`)).rows).toEqual([{ constructor: 1 }]);
  });
});

describe("locks", () => {
  it("that are not free in time undo the statement, not the transaction", async () => {
    await using holder = await database.begin();
    await holder.execute(sql`update lab.parent set small = 1 where id = 1`);
    await using waiter = await database.begin();
    await waiter.execute(sql`insert into lab.checked values (1)`);
    const error = await failureOf(waiter.execute(sql`update lab.parent set small = 2 where id = 1`));
    expect(error).toMatchObject({ name: "QueryError", code: "busy" });
    await holder.rollback();
    await waiter.execute(sql`update lab.parent set small = 2 where id = 1`);
    await waiter.commit();
    expect((await database.execute(sql`select a from lab.checked`)).rows).toEqual([{ a: 1 }]);
  });

  it("of tables are waited for no longer", async () => {
    await using holder = await database.begin();
    await holder.execute(sql`select * from lab.checked`);
    const error = await failureOf(database.execute(sql`alter table lab.checked add column b int`));
    expect(error).toMatchObject({ code: "busy" });
    await holder.rollback();
  });

  it("that two wait for crosswise end one transaction, which may be run again", async () => {
    await database.execute(sql`insert into lab.parent (id, name) values (60, 'a60'), (61, 'a61')`);
    const crosswise = async (first: number, second: number): Promise<string> => {
      await using session = await database.begin();
      try {
        await session.execute(sql`update lab.parent set small = 1 where id = ${first}`);
        await met();
        await session.execute(sql`update lab.parent set small = 2 where id = ${second}`);
        await session.commit();
        return "committed";
      } catch (error) {
        expect(error).toMatchObject({ name: "TransactionError", code: "conflict", retryable: true });
        expect(session.state).toBe("rolled-back");
        return "conflict";
      }
    };
    let waiting = 2;
    let meet: () => void = () => undefined;
    const both = new Promise<void>((resolve) => {
      meet = resolve;
    });
    const met = (): Promise<void> => {
      waiting -= 1;
      if (waiting === 0) meet();
      return both;
    };
    const ends = await Promise.all([crosswise(60, 61), crosswise(61, 60)]);
    expect(ends.toSorted()).toEqual(["committed", "conflict"]);
  });
});
