import { setTimeout } from "node:timers/promises";
import type { Database } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failureOf, type MysqlPlace, openPlace } from "./place.ts";

let place: MysqlPlace;
let database: Database;

beforeAll(async () => {
  place = await openPlace();
  database = place.database;
  await database.execute(sql`create table lab.note (id int primary key, body varchar(20),
    made datetime(3) not null default current_timestamp(3)) engine = InnoDB`);
});
afterAll(() => place[Symbol.asyncDispose]());

describe("a session", () => {
  it("loses no rows to a limit of the server's, and its COMMIT begins no other transaction", async () => {
    await place.raw.query("set global sql_select_limit = 2, global completion_type = 1");
    try {
      const other = await place.open();
      const { rows } = await other.execute(sql`select 1 as a union all select 2 union all select 3`);
      expect(rows).toHaveLength(3);
      await using session = await other.begin();
      await session.commit();
      expect(
        (await other.execute(sql`select @@sql_select_limit > 1000000 as free, @@completion_type as type`)).rows,
      ).toEqual([{ free: 1, type: "NO_CHAIN" }]);
    } finally {
      await place.raw.query("set global sql_select_limit = default, global completion_type = default");
    }
  });

  it("has DataJoint's settings, whatever the server's are", async () => {
    await place.raw.query(
      "set @mode = @@global.sql_mode, @zone = @@global.time_zone, @keys = @@global.foreign_key_checks",
    );
    await place.raw.query(`set global sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES', global time_zone = '+05:30',
      global foreign_key_checks = 0, global autocommit = 0`);
    try {
      const other = await place.open();
      const { rows } = await other.execute<Record<string, unknown>>(sql`select @@sql_mode as mode, @@time_zone as zone,
        @@autocommit as auto, @@foreign_key_checks as foreign_keys, @@character_set_client as client,
        @@character_set_connection as connection, @@character_set_results as results, @@lc_messages as language`);
      const { mode, ...rest } = rows[0] ?? {};
      expect(String(mode).split(",").toSorted()).toEqual([
        "ERROR_FOR_DIVISION_BY_ZERO",
        "NO_ENGINE_SUBSTITUTION",
        "NO_ZERO_DATE",
        "NO_ZERO_IN_DATE",
        "ONLY_FULL_GROUP_BY",
        "STRICT_ALL_TABLES",
      ]);
      expect(rest).toEqual({
        zone: "+00:00",
        auto: 1,
        foreign_keys: 1,
        client: "utf8mb4",
        connection: "utf8mb4",
        results: "utf8mb4",
        language: "en_US",
      });
    } finally {
      await place.raw.query(`set global sql_mode = @mode, global time_zone = @zone, global foreign_key_checks = @keys,
        global autocommit = 1`);
    }
  });

  it("writes CURRENT_TIMESTAMP in UTC on a server in another zone", async () => {
    await place.raw.query("set @zone = @@global.time_zone");
    await place.raw.query("set global time_zone = '+11:00'");
    try {
      const other = await place.open();
      await other.execute(sql`insert into lab.note (id) values (1)`);
      const { rows } = await other.execute<{ made: string }>(sql`select made from lab.note where id = 1`);
      expect(Math.abs(Date.parse(`${rows[0]?.made.replace(" ", "T")}Z`) - Date.now())).toBeLessThan(600_000);
    } finally {
      await place.raw.query("set global time_zone = @zone");
    }
  });

  it("reads what others have committed meanwhile, except in a snapshot", async () => {
    await database.execute(sql`insert into lab.note (id, body) values (2, 'first')`);
    const read = sql`select body from lab.note where id = 2`;
    await using snapshot = await database.begin({ readOnly: true });
    await using plain = await database.begin();
    expect((await plain.execute(read)).rows).toEqual([{ body: "first" }]);
    await database.execute(sql`update lab.note set body = 'second' where id = 2`);
    expect((await plain.execute(read)).rows).toEqual([{ body: "second" }]);
    // The snapshot is that of its beginning: nothing had been read in it.
    expect((await snapshot.execute(read)).rows).toEqual([{ body: "first" }]);
    await snapshot.commit();
    await plain.rollback();
    await using next = await database.begin();
    await next.execute(sql`update lab.note set body = 'third' where id = 2`);
    await next.commit();
    expect((await database.execute(read)).rows).toEqual([{ body: "third" }]);
  });

  it("counts the rows that an update found, and those that a duplicate left as they were", async () => {
    await database.execute(sql`insert into lab.note (id, body) values (3, 'x'), (4, 'x')`);
    const update = sql`update lab.note set body = ${"x"} where id in (3, 4)`;
    expect((await database.execute(update)).affected).toBe(2);
    expect((await database.execute(sql`update lab.note set body = 'x' where id = 3`)).affected).toBe(1);
    const insert = sql`insert into lab.note (id, body) values (3, 'y'), (5, 'y') on duplicate key update id = lab.note.id`;
    expect((await database.execute(insert)).affected).toBe(1);
    expect((await database.execute(sql`delete from lab.note where id in (3, 4, 5)`)).affected).toBe(3);
  });
});

describe("a cancelled statement", () => {
  const slow = sql`select sleep(30) from lab.note`;

  it("fails with the signal's reason and leaves the transaction and its connection usable", async () => {
    await database.execute(sql`insert into lab.note (id, body) values (10, 'x')`);
    await using session = await database.begin();
    await session.execute(sql`insert into lab.note (id, body) values (11, 'mine')`);
    const abort = new AbortController();
    const running = session.execute(slow, { signal: abort.signal });
    await setTimeout(100);
    abort.abort(new Error("enough"));
    expect((await failureOf(running)).message).toBe("enough");
    expect((await session.execute(sql`select body from lab.note where id = 11`)).rows).toEqual([{ body: "mine" }]);
    await session.commit();
    expect((await database.execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }]);
  });

  it("ends a stream that has not sent a row yet", async () => {
    const abort = new AbortController();
    const stream = database.stream(sql`select sleep(1) from lab.note, lab.note a, lab.note b`, {
      signal: abort.signal,
    });
    const reading = (async () => {
      for await (const _ of stream) abort.abort(new Error("late"));
    })();
    await setTimeout(100);
    abort.abort(new Error("enough"));
    expect((await failureOf(reading)).message).toBe("enough");
    expect((await database.execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }]);
  });
});

describe("a connection that the server ended", () => {
  const threads = async (): Promise<readonly number[]> => {
    const rows = await place.raw.query(
      "select id from information_schema.processlist where id <> connection_id() and user = substring_index(user(), '@', 1)",
    );
    return rows.map((row) => Number(row["id"] ?? row["ID"]));
  };
  const killAll = async (): Promise<void> => {
    for (const thread of await threads()) await place.raw.query(`kill ${thread}`).catch(() => undefined);
  };

  it("is replaced before the next statement", async () => {
    await database.execute(sql`select 1`);
    await killAll();
    await setTimeout(50);
    expect((await database.execute(sql`select 2 as two`)).rows).toEqual([{ two: 2 }]);
  });

  it("takes its transaction along, and says so", async () => {
    await using session = await database.begin();
    await session.execute(sql`insert into lab.note (id, body) values (20, 'lost')`);
    await killAll();
    const error = await failureOf(session.execute(sql`select 1`));
    expect(error).toMatchObject({ code: "connection-lost" });
    expect(session.state).toBe("rolled-back");
    expect((await database.execute(sql`select 1 from lab.note where id = 20`)).rows).toEqual([]);
  });
});

describe("a statement", () => {
  it("is prepared again after its table was changed", async () => {
    await using session = await database.begin();
    const read = sql`select * from lab.changing where ${1} = 1`;
    await database.execute(sql`create table lab.changing (a int) engine = InnoDB`);
    await database.execute(sql`insert into lab.changing values (1)`);
    expect((await database.execute(read)).rows).toEqual([{ a: 1 }]);
    await database.execute(sql`alter table lab.changing add column b varchar(3) not null default 'new'`);
    expect((await database.execute(read)).rows).toEqual([{ a: 1, b: "new" }]);
    await session.rollback();
  });

  it("of ever new text leaves no more than a hundred prepared on each connection", async () => {
    const prepared = async (): Promise<number> => {
      const rows = await place.raw.query("show global status like 'Prepared_stmt_count'");
      return Number(rows[0]?.["Value"]);
    };
    const before = await prepared();
    await using session = await database.begin();
    for (let index = 0; index < 250; index += 1) await session.execute(sql`select ${index} as ${sql.id(`c${index}`)}`);
    await session
      .execute(sql`select ${sql.join(Array.from({ length: 3000 }, (_, index) => index))} as many`)
      .catch(() => undefined);
    expect((await prepared()) - before).toBeLessThanOrEqual(101);
    await session.rollback();
  });

  it("is of unknown outcome after a procedure that gives rows and commits, and writes nothing more", async () => {
    await database.execute(sql.raw("create procedure lab.ends() begin select 1 as a; commit; end"));
    await using session = await database.begin();
    await session.execute(sql`insert into lab.note (id) values (501)`);
    expect(await failureOf(session.execute(sql`call lab.ends()`))).toMatchObject({ code: "commit-unknown" });
    expect(session.state).toBe("unknown");
    expect(await failureOf(session.execute(sql`insert into lab.note (id) values (502)`))).toMatchObject({
      code: "ended",
    });
    const { rows } = await database.execute(sql`select id from lab.note where id in (501, 502)`);
    expect(rows).toEqual([{ id: 501 }]);
  });

  it("that calls a procedure gives its first result", async () => {
    await database.execute(sql.raw("create procedure lab.two() begin select 1.5e0 as a; select 2 as b; end"));
    expect((await database.execute(sql`call lab.two()`)).rows).toEqual([{ a: 1.5 }]);
    expect((await database.execute(sql`select 3 as c`)).rows).toEqual([{ c: 3 }]);
  });
});
