import { DatabaseSync } from "node:sqlite";
import { sql } from "@mortise/sql/kysely";
import { describe, expect, it } from "vitest";
import { column, create, table } from "../../sql/src/testing/table.ts";
import { SqliteConnection } from "./connection/connection.ts";
import { openTemporary } from "./testing/database.ts";
import { SqliteSession } from "./transaction/session.ts";

async function open() {
  const { database } = await openTemporary();
  await create(database, table("t", [column("k", "int32")]));
  const keys = async () =>
    (await database.execute<{ k: number }>(sql`select k from "lab.t" order by k`)).rows.map((row) => row.k);
  return { database, keys };
}

const refused = { name: "QueryError", code: "invalid-query" };

describe("the text of a statement", () => {
  it.each([
    "commit",
    "/* x */ commit",
    "-- x\n  END",
    ";; rollback",
    "/* a *//**/\uFEFF begin",
    "--\n--\n/*\n*/commit",
  ])("can't begin or end a transaction: %j", async (text) => {
    const { database, keys } = await open();
    const session = await database.begin();
    await session.execute(sql`insert into "lab.t" values (3)`);
    await expect(session.execute(sql.raw(text))).rejects.toMatchObject(refused);
    await expect(database.execute(sql.raw(text))).rejects.toMatchObject(refused);
    await session.rollback();
    expect(session.state).toBe("rolled-back");
    expect(await keys()).toEqual([]);
  });

  it.each(["savepoint a", "/**/ release a", "rollback to a"])(
    "can't be about savepoints without a session: %j",
    async (text) => {
      const { database, keys } = await open();
      await expect(database.execute(sql.raw(text))).rejects.toMatchObject(refused);
      await database.execute(sql`insert into "lab.t" values (1)`);
      expect(await keys()).toEqual([1]);
    },
  );

  it.each([
    'insert into "lab.t" values (1); insert into "lab.t" values (2)',
    'insert into "lab.t" values (1); commit',
    "select 1; /* x */ select 2",
    "select 1 -- x;\n; select 2",
  ])("is one statement: %j", async (text) => {
    const { database, keys } = await open();
    await expect(database.execute(sql.raw(text))).rejects.toMatchObject(refused);
    await using session = await database.begin();
    await expect(session.execute(sql.raw(text))).rejects.toMatchObject(refused);
    await session.commit();
    expect(await keys()).toEqual([]);
  });

  it.each([
    "select 1 as one;",
    "/* a; b */ select 1 as one ; -- the end; really",
    "select 1 as one;;\n;",
    "select 1 as one -- ' /*",
  ])("may have blanks around it: %j", async (text) => {
    const { database } = await open();
    expect((await database.execute(sql.raw(text))).rows).toEqual([{ one: 1 }]);
  });

  it("may hold semicolons in texts and triggers", async () => {
    const { database, keys } = await open();
    expect((await database.execute(sql.raw("select 'é;😀' as s;"))).rows).toEqual([{ s: "é;😀" }]);
    await database.execute(
      sql.raw(
        'create trigger x after insert on "lab.t" when new.k = 1 begin insert into "lab.t" values (2); select 1; end;',
      ),
    );
    await database.execute(sql`insert into "lab.t" values (1)`);
    expect(await keys()).toEqual([1, 2]);
  });
});

describe("a session whose transaction somebody else has ended", () => {
  it.each(["a statement", "a rollback"])("says that it knows nothing, at the next %s", async (next) => {
    const connection = new SqliteConnection(new DatabaseSync(":memory:"));
    connection.run("BEGIN");
    let ends = 0;
    const session = new SqliteSession(connection, () => ends++);
    connection.run("COMMIT");
    const call = next === "a rollback" ? session.rollback() : session.execute(sql`select 1`);
    await expect(call).rejects.toMatchObject({ name: "TransactionError", code: "commit-unknown" });
    expect(session.state).toBe("unknown");
    expect(ends).toBe(1);
    connection.close();
  });
});
