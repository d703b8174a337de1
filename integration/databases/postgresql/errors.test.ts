import { sql } from "@mortise/sql/kysely";
import { describe, expect, it } from "vitest";
import { openPostgresLab } from "./postgres-lab.ts";

const schema = [
  "create schema lab",
  "create table lab.subject (a text, b smallint, primary key (a, b))",
  `create table lab.visit (v int primary key, a text, b smallint, note varchar(3), size int check (size > 0),
    foreign key (a, b) references lab.subject on update cascade on delete restrict)`,
  "insert into lab.subject values ('x)=(', 1)",
  "insert into lab.visit values (1, 'x)=(', 1)",
];

describe("errors of PostgreSQL", () => {
  it.each([
    [
      sql`insert into lab.subject values ('x)=(', 1)`,
      "duplicate",
      "lab.subject already has a row with the same a, b: x)=(, 1",
    ],
    [sql`insert into lab.visit values (2, ${"y"}, 9)`, "integrity", "lab.visit: subject has no row with a, b = y, 9"],
    [sql`delete from lab.subject`, "integrity", "rows of lab.visit still refer to the row with a, b = x)=(, 1"],
    [sql`insert into lab.subject (a) values ('z')`, "missing-attribute", "lab.subject needs a value for b"],
    [sql`insert into lab.subject values ('z', 40000)`, "out-of-range", "smallint out of range"],
    [sql`insert into lab.subject values ('z', ${"q"})`, "out-of-range", 'invalid input syntax for type smallint: "q"'],
    [sql`insert into lab.visit (v, note) values (3, 'long')`, "out-of-range", "value too long"],
    [sql`insert into lab.visit (v, size) values (3, 0)`, "out-of-range", "violates check constraint"],
    [sql`insert into lab.visit (v, note) values (3, ${"\0"})`, "out-of-range", "invalid byte sequence"],
    [sql`select * from lab.nope`, "missing-table", 'relation "lab.nope" does not exist'],
    [sql`select * from nope.nope`, "missing-table", 'relation "nope.nope" does not exist'],
    [sql`create table nope.t (a int)`, "missing-table", 'schema "nope" does not exist'],
    [sql`select zz from lab.subject`, "unknown-attribute", 'column "zz" does not exist'],
    [sql`insert into lab.subject (zz) values (1)`, "unknown-attribute", 'column "zz"'],
    [sql`selec 1`, "syntax", "PostgreSQL can't read the statement: syntax error"],
    [sql`select 1; drop table lab.visit`, "syntax", "multiple commands"],
    [sql`create table lab.subject (a int)`, "table-exists", "already exists"],
    [sql`select 9007199254740993 as big`, "out-of-range", "beyond 2^53"],
    [sql`select ${new Date(0)}`, "invalid-query", "bound value 1 is a Date"],
    [sql`copy lab.visit to stdout`, "invalid-query", "COPY"],
    [sql`select ${sql.raw('"\0; drop table lab.visit"')}`, "invalid-query", "NUL"],
  ])("%# has a code and says what was wrong, also inside a transaction", async (statement, code, message) => {
    await using lab = await openPostgresLab(schema);
    const expected = { name: "QueryError", code, message: expect.stringContaining(message) as unknown };
    await expect(lab.database.execute(statement)).rejects.toMatchObject(expected);
    await using session = await lab.database.begin();
    const savepoint = await session.savepoint();
    await expect(session.execute(statement)).rejects.toMatchObject(expected);
    await savepoint.rollback();
    expect((await session.execute(sql`select v from lab.visit`)).rows).toEqual([{ v: 1 }]);
    await session.commit();
  });

  it("names what a role may not do", async () => {
    await using lab = await openPostgresLab(schema);
    await using session = await lab.database.begin();
    await session.execute(sql`set local role pg_read_all_data`);
    const writing = session.execute(sql`delete from lab.visit`);
    await expect(writing).rejects.toMatchObject({
      code: "access",
      message: expect.stringContaining("visit") as unknown,
    });
  });

  it("names a write in a read-only session", async () => {
    await using lab = await openPostgresLab(schema);
    await using session = await lab.database.begin({ readOnly: true });
    await expect(session.execute(sql`delete from lab.visit`)).rejects.toMatchObject({ code: "access" });
  });

  it("asks for the whole transaction again where two of them would wait for each other", async () => {
    await using lab = await openPostgresLab([...schema, "insert into lab.subject values ('b', 2)"]);
    await using one = await lab.database.begin();
    await using two = await lab.database.begin();
    const lock = (who: typeof one, b: number) =>
      who.execute(sql`select 1 from lab.subject where b = ${b}::smallint for update`);
    await lock(one, 1);
    await lock(two, 2);
    const results = await Promise.allSettled([lock(one, 2), lock(two, 1)]);
    const failed = results.filter((result) => result.status === "rejected");
    expect(failed).toMatchObject([{ reason: { name: "TransactionError", code: "conflict", retryable: true } }]);
  });

  it("reports a lock that was waited for too long as busy", async () => {
    await using lab = await openPostgresLab(schema);
    await using one = await lab.database.begin();
    await one.execute(sql`select 1 from lab.subject for update`);
    await using two = await lab.database.begin();
    await two.execute(sql`set local lock_timeout = '20ms'`);
    await expect(two.execute(sql`delete from lab.subject`)).rejects.toMatchObject({ code: "busy" });
  });

  it("reports a statement_timeout of the server as busy", async () => {
    await using lab = await openPostgresLab();
    await lab.raw.query(`alter database "${lab.options.name}" set statement_timeout = '50ms'`);
    const database = await lab.open();
    await expect(database.execute(sql`select pg_sleep(60)`)).rejects.toMatchObject({ code: "busy" });
  });

  it("goes on after a value that can't be read, with the rest of the answer passed over", async () => {
    await using lab = await openPostgresLab();
    await using session = await lab.database.begin();
    const reading = session.execute(sql`select 9007199254740990 + i as big from generate_series(1, 1000) i`);
    await expect(reading).rejects.toMatchObject({
      code: "out-of-range",
      hint: expect.stringContaining("bigints") as unknown,
    });
    expect((await session.execute(sql`select 1 as a`)).rows).toEqual([{ a: 1 }]);
    await session.commit();
  });
});
