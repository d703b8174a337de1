import { sql } from "@mortise/sql/kysely";
import { describe, expect, it } from "vitest";
import { column, create, table } from "../../sql/src/testing/table.ts";
import { translate } from "./errors.ts";
import { openTemporary } from "./testing/database.ts";

async function open() {
  const { database } = await openTemporary();
  const parent = table("subject", [column("a", "int32"), column("b", "int8")], { primaryKey: ["a", "b"] });
  const child = table("visit", [column("v", "int8"), column("a", "int32"), column("b", "int8")], {
    foreignKeys: [{ columns: ["a", "b"], parent: { schema: "lab", table: "subject" }, parentColumns: ["a", "b"] }],
  });
  await create(database, parent, child);
  await database.execute(sql`insert into "lab.subject" values (1, 1)`);
  await database.execute(sql`insert into "lab.visit" values (1, 1, 1)`);
  return database;
}

describe("errors of the database", () => {
  it.each([
    [sql`insert into "lab.subject" values (1, 1)`, "duplicate", "lab.subject already has a row with the same a, b"],
    [sql`insert into "lab.visit" values (2, 9, 9)`, "integrity", "a foreign key was violated"],
    [sql`delete from "lab.subject"`, "integrity", "a foreign key was violated"],
    [sql`insert into "lab.subject" (a) values (2)`, "missing-attribute", "lab.subject needs a value for b"],
    [sql`insert into "lab.subject" values (2, 500)`, "out-of-range", "a value was refused, which must be b : int8"],
    [sql`insert into "lab.subject" values ('x', 1)`, "out-of-range", "a value of another type was refused"],
    [sql`select * from "lab.nope"`, "missing-table", "there is no table lab.nope"],
    [sql`select zz from "lab.subject"`, "unknown-attribute", "there is no column zz"],
    [sql`insert into "lab.subject" (zz) values (1)`, "unknown-attribute", "there is no column zz"],
    [sql`selec 1`, "syntax", "SQLite can't read the statement"],
    [sql`create table "lab.subject" (a int)`, "table-exists", "already exists"],
    [sql`select ${{ a: 1 }}`, "invalid-query", "bound value 1 is an object"],
    [sql`select ${new Date()}`, "invalid-query", "bound value 1 is a Date"],
    [sql`select ${[1]}`, "invalid-query", "bound value 1 is an array"],
    [sql`select ${Number.NaN}`, "invalid-query", "bound value 1 is NaN"],
    [sql`select ${undefined}`, "invalid-query", "bound value 1 is undefined"],
    [sql`select 9007199254740993 as big`, "out-of-range", "beyond 2^53"],
    [sql`commit`, "invalid-query", "not begun or ended by a statement"],
    [sql`  BEGIN immediate`, "invalid-query", "not begun or ended by a statement"],
  ])("%# has a code and says what was wrong", async (statement, code, message) => {
    const database = await open();
    const expected = { name: "QueryError", code, message: expect.stringContaining(message) as unknown };
    await expect(database.execute(statement)).rejects.toMatchObject(expected);
    await using session = await database.begin();
    await expect(session.execute(statement)).rejects.toMatchObject(expected);
    expect(session.state).toBe("open");
  });

  it("names the table whose unique expression is taken", async () => {
    const { database } = await openTemporary();
    const indexes = [{ unique: true, items: [{ expression: "lower(name)" }] }];
    await create(database, table("t", [column("k", "int8"), column("name", "varchar(9)")], { indexes }));
    await database.execute(sql`insert into "lab.t" values (1, 'A')`);
    await expect(database.execute(sql`insert into "lab.t" values (2, 'a')`)).rejects.toMatchObject({
      code: "duplicate",
      message: "lab.t already has a row with the same value of a unique index",
    });
  });

  it.each([
    [10, "database", "local disk"],
    [11, "database", "damaged"],
    [13, "database", "disk is full"],
    [14, "database", "-wal"],
    [8, "access", "read-only"],
    [3, "access", undefined],
    [517, "busy", undefined],
    [6, "busy", undefined],
  ])("gives error %i a hint where something is known", (errcode, code, hint) => {
    const error = translate(Object.assign(new Error("as SQLite says"), { code: "ERR_SQLITE_ERROR", errcode }));
    expect(error).toMatchObject({ code, message: expect.stringContaining("as SQLite says") as unknown });
    if (hint !== undefined) expect(error).toMatchObject({ hint: expect.stringContaining(hint) as unknown });
  });

  it("leaves other errors alone", () => {
    const error = new TypeError("a bug");
    expect(translate(error)).toBe(error);
  });
});
