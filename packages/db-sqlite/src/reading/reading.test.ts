import { type Database, executeAll } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import { describe, expect, it } from "vitest";
import { column, create, table } from "../../../sql/src/testing/table.ts";
import { openSqlite } from "../plugin.ts";
import { openTemporary } from "../testing/database.ts";

async function openWithRows(count: number): Promise<Database> {
  const { database } = await openTemporary();
  await create(database, table("t", [column("k", "int32"), column("name", "varchar(20)")]));
  const rows = Array.from({ length: count }, (_, k) => [k, `row ${k}`]);
  const insert = { schema: "lab", table: "t", columns: ["k", "name"], primaryKey: ["k"], rows };
  await executeAll(database, database.dialect.insert(insert));
  return database;
}

const all = sql`select k, name from "lab.t" order by k`;

describe("stream", () => {
  it("delivers all rows in batches", async () => {
    const database = await openWithRows(1000);
    const sizes: number[] = [];
    for await (const rows of database.stream<{ k: number }>(all, { batch: 300 })) sizes.push(rows.length);
    expect(sizes).toEqual([300, 300, 300, 100]);
    const batches = await Array.fromAsync(database.stream(sql`select 1 where 0`));
    expect(batches).toEqual([]);
  });

  it("reads one moment, while the loop around it writes to the same table", async () => {
    const database = await openWithRows(1000);
    let seen = 0;
    for await (const rows of database.stream<{ k: number }>(all)) {
      seen += rows.length;
      await database.execute(sql`delete from "lab.t" where k = ${999 - seen}`);
      await database.execute(sql`insert into "lab.t" values (${10_000 + seen}, 'new')`);
    }
    expect(seen).toBe(1000);
  });

  it("needs no connection of another: streams nest as deep as the loops", async () => {
    const database = await openWithRows(3);
    const nest = async (depth: number): Promise<number> => {
      let leaves = 0;
      for await (const rows of database.stream(all, { batch: 2 }))
        leaves += depth === 0 ? rows.length : await nest(depth - 1);
      return leaves;
    };
    expect(await nest(4)).toBe(3 * 2 ** 4);
  });

  it("lets the event loop turn between batches", async () => {
    const database = await openWithRows(2000);
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    for await (const rows of database.stream(all, { batch: 10 })) expect(rows.length).toBe(10);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
  });

  it("ends when it is left, disposed, aborted, or its database closes", async () => {
    const database = await openWithRows(1000);
    for await (const rows of database.stream(all)) {
      expect(rows.length).toBe(256);
      break;
    }
    {
      await using cursor = database.stream(all);
      const iterator = cursor[Symbol.asyncIterator]();
      await iterator.next();
      await cursor[Symbol.asyncDispose]();
      expect((await iterator.next()).done).toBe(true);
    }
    const controller = new AbortController();
    const aborted = (async () => {
      for await (const _ of database.stream(all, { signal: controller.signal })) controller.abort(new Error("enough"));
    })();
    await expect(aborted).rejects.toThrow("enough");
    const closed = (async () => {
      for await (const _ of database.stream(all)) await database.close();
    })();
    await expect(closed).rejects.toMatchObject({ code: "connection-lost" });
  });

  it("can be read once", async () => {
    const database = await openWithRows(1);
    const cursor = database.stream(all);
    await Array.fromAsync(cursor);
    expect(() => cursor[Symbol.asyncIterator]()).toThrow("read once");
  });

  it("reports errors as every statement does", async () => {
    const database = await openWithRows(0);
    await expect(Array.fromAsync(database.stream(sql`select * from nope`))).rejects.toMatchObject({
      code: "missing-table",
    });
  });

  it("delivers large integers as bigint when asked", async () => {
    const database = await openWithRows(0);
    const big = sql`select 9007199254740993 as big`;
    expect(await Array.fromAsync(database.stream(big, { bigints: true }))).toEqual([[{ big: 9007199254740993n }]]);
  });
});

describe("execute", () => {
  it("lets the event loop turn while it reads many rows", async () => {
    const { database } = await openTemporary();
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const { rows } = await database.execute(sql`
      with recursive n(i) as (select 1 union all select i + 1 from n where i < 200000) select i from n`);
    clearInterval(timer);
    expect(rows.length).toBe(200_000);
    expect(turns).toBeGreaterThan(0);
  });

  it("lets the event loop turn between many short statements", async () => {
    const { database } = await openTemporary();
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    for (let i = 0; i < 5000; i++) await database.execute(sql`select ${i}`);
    clearInterval(timer);
    expect(turns).toBeGreaterThan(0);
  });

  it("stops reading when it is aborted", async () => {
    const { database } = await openTemporary();
    const controller = new AbortController();
    setImmediate(() => controller.abort(new Error("enough")));
    const endless = sql`with recursive n(i) as (select 1 union all select i + 1 from n) select i from n`;
    await expect(database.execute(endless, { signal: controller.signal })).rejects.toThrow("enough");
    expect((await database.execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }]);
  });

  it("sends writes to the writer, however they begin", async () => {
    const database = await openWithRows(0);
    const added = await database.execute(sql`with n(i) as (values (1), (2)) insert into "lab.t" select i, 'x' from n`);
    expect(added.affected).toBe(2);
    const returned = await database.execute(sql`delete from "lab.t" where k = 1 returning name`);
    expect(returned).toEqual({ rows: [{ name: "x" }], affected: 1 });
    expect((await database.execute(all)).rows).toEqual([{ k: 2, name: "x" }]);
  });

  it("names the columns of a table as they are now, not as they were", async () => {
    const { database, file } = await openTemporary();
    await using other = await openSqlite({ file });
    const first = table("t", [column("a", "int8"), column("b", "int8")]);
    const second = table("t", [column("c", "int8"), column("b", "int8"), column("a", "int8")]);
    for (const spec of [first, second]) {
      await create(database, spec);
      await database.execute(sql`insert into "lab.t" values (${sql.join(spec.columns.map((_, i) => i))})`);
      const { rows } = await database.execute(sql`select * from "lab.t"`);
      const expected = Object.fromEntries(spec.columns.map(({ name }, i) => [name, i]));
      expect(rows).toEqual([expected]);
      expect(await Array.fromAsync(database.stream(sql`select * from "lab.t"`))).toEqual([[expected]]);
      expect((await database.execute(sql`update "lab.t" set b = 1 returning *`)).rows).toEqual([expected]);
      // The writer of `database` has not seen this either.
      await executeAll(other, other.dialect.dropTable(spec));
    }
  });

  it("binds whole numbers as integers and truth as 1 and 0", async () => {
    const { database } = await openTemporary();
    const { rows } = await database.execute(
      sql`select ${7} / ${2} as half, ${true} as yes, ${false} as no, ${0.5} as real, ${null} as none`,
    );
    expect(rows).toEqual([{ half: 3, yes: 1, no: 0, real: 0.5, none: null }]);
  });

  it("finds values inside json by path", async () => {
    const { database } = await openTemporary();
    const json = sql`${JSON.stringify({ a: { "b c": [10, 20] }, x: "it's" })}`;
    const at = (...path: (string | number)[]) => database.dialect.jsonPath(json, path);
    const { rows } = await database.execute(sql`select ${at("a", "b c", 1)} as n, ${at("x")} as x, ${at("no")} as no`);
    expect(rows).toEqual([{ n: 20, x: "it's", no: null }]);
  });
});
