import type { Database, DatabaseRow } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testServer } from "../../../packages/schema/test/database/provided.ts";
import { failureOf, type MysqlPlace, openPlace } from "./place.ts";

const mariadb = testServer()?.name.startsWith("MariaDB") === true;
let place: MysqlPlace;
let database: Database;

beforeAll(async () => {
  place = await openPlace({ connections: 2 });
  database = place.database;
});
afterAll(() => place[Symbol.asyncDispose]());

describe("a value that is bound", () => {
  const columns: Readonly<Record<string, string>> = {
    tiny: "tinyint",
    whole: "int unsigned",
    large: "bigint",
    huge: "bigint unsigned",
    single: "float",
    double_: "double",
    exact: "decimal(40,20)",
    day: "date",
    moment: "datetime",
    moment3: "datetime(3)",
    moment6: "datetime(6)",
    instant: "timestamp(6) null",
    span: "time(6)",
    year_: "year",
    bits: "bit(10)",
    id: "binary(16)",
    bytes: "longblob",
    text_: "longtext",
    choice: "enum('a','b\\'s','ü')",
    doc: "json",
  };
  const cases: readonly (readonly [column: keyof typeof columns, bound: unknown, read?: unknown])[] = [
    ["tiny", -128],
    ["tiny", true, 1],
    ["whole", 4_294_967_295],
    ["large", 2 ** 53 - 1],
    ["single", Math.fround(0.1)],
    ["single", Math.fround(123_456.789)],
    ["single", 3.4028234663852886e38],
    ["single", 1.401298464324817e-45],
    ["double_", 0.1],
    // MariaDB stores no sign for it.
    ["double_", -0, mariadb ? 0 : -0],
    ["double_", Number.MAX_VALUE],
    ["double_", 5e-324],
    ["exact", "99999999999999999999.99999999999999999999"],
    ["exact", "0.00000000000000000001"],
    ["day", "1000-01-01"],
    ["day", "9999-12-31"],
    ["moment", "2024-02-29 23:59:59"],
    ["moment3", "2024-02-29 00:00:00.000"],
    ["moment3", "2024-02-29 12:00:00.120"],
    ["moment6", "9999-12-31 23:59:59.999999"],
    ["instant", "1970-01-01 00:00:01.000000"],
    ["span", "-838:59:59.000000"],
    ["span", "00:00:00.000001"],
    ["year_", 2155],
    ["id", new Uint8Array(16).map((_, index) => 255 - index)],
    ["bytes", new Uint8Array()],
    ["bytes", new Uint8Array(100_000).map((_, index) => index % 251)],
    ["text_", 'it\'s "quoted" \\ back\\\\slash %s {x} \0 \u001a \r\n \t ; -- /* 日本 😀 é'],
    ["text_", "  blanks  "],
    ["choice", "b's"],
    ["doc", '{"a": [1, 2.5, "x", null, true]}'],
    ["doc", '"just text"'],
    ["doc", "12345678901234567890"],
  ];

  beforeAll(async () => {
    const list = Object.entries(columns).map(([name, type]) => `\`${name}\` ${type}`);
    await database.execute(
      sql.raw(`create table lab.everything (n int primary key, ${list.join(", ")}) engine = InnoDB
      default charset = utf8mb4`),
    );
  });

  it.each(cases.map(([column, bound, read = bound], n) => [columns[column], bound, read, column, n] as const))(
    "in %s is read as it was: %s",
    async (_, bound, read, column, n) => {
      await database.execute(sql`insert into lab.everything (n, ${sql.id(column)}) values (${n}, ${bound})`);
      const query = sql`select ${sql.id(column)} as value from lab.everything where n = ${n}`;
      expect((await database.execute(query)).rows).toEqual([{ value: read }]);
      const streamed: DatabaseRow[] = [];
      for await (const rows of database.stream(query)) streamed.push(...rows);
      expect(streamed).toEqual([{ value: read }]);
    },
  );

  it("beyond 2^53 is exact with bigints, and an error without", async () => {
    const [smallest, largest] = [-(2n ** 63n), 2n ** 64n - 1n];
    await database.execute(sql`insert into lab.everything (n, large, huge) values (1000, ${smallest}, ${largest})`);
    const read = sql`select large, huge, n from lab.everything where large = ${smallest} and huge = ${largest}`;
    const { rows } = await database.execute(read, { bigints: true });
    expect(rows).toEqual([{ large: smallest, huge: largest, n: 1000 }]);
    expect(await failureOf(database.execute(read))).toMatchObject({ code: "out-of-range" });
    const near = sql`select n from lab.everything where large = ${smallest + 1n} or huge = ${largest - 1n}`;
    expect((await database.execute(near)).rows).toEqual([]);
  });

  it("may be a limit", async () => {
    const { rows } = await database.execute(sql`select n from lab.everything order by n limit ${2} offset ${1}`);
    expect(rows).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it("is null where the column is, and bits are bytes", async () => {
    await database.execute(sql`insert into lab.everything (n, bits) values (1001, b'1000000001')`);
    const { rows } = await database.execute(sql`select * from lab.everything where n = 1001`, { bigints: true });
    const nothing = Object.fromEntries(Object.keys(columns).map((name) => [name, null]));
    expect(rows).toEqual([{ ...nothing, n: 1001, bits: new Uint8Array([2, 1]) }]);
  });
});

describe("a stream", () => {
  const numbers = (count: number): ReturnType<typeof sql> =>
    sql`with recursive r (n) as (select 1 union all select n + 1 from r where n < 1000)
      select (a.n - 1) * 1000 + b.n as n, repeat('x', 200) as body from r a, r b
      where (a.n - 1) * 1000 + b.n <= ${count}`;

  it("delivers every row once, in batches of the size asked for", async () => {
    let sum = 0;
    const sizes = new Set<number>();
    for await (const rows of database.stream<{ n: number }>(numbers(10_500), { batch: 1000 })) {
      sizes.add(rows.length);
      for (const row of rows) sum += row.n;
    }
    expect(sum).toBe((10_500 * 10_501) / 2);
    expect([...sizes]).toEqual([1000, 500]);
  });

  it("lets the server wait for a slow reader instead of holding the rows", async () => {
    const limit = 60 * 2 ** 20;
    const before = process.memoryUsage().rss;
    let highest = 0;
    let count = 0;
    for await (const rows of database.stream(numbers(400_000), { batch: 500 })) {
      count += rows.length;
      if (count % 20_000 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      highest = Math.max(highest, process.memoryUsage().rss);
    }
    expect(count).toBe(400_000);
    expect(highest - before).toBeLessThan(limit);
  });

  it("may be left at any row, and its connection serves others", async () => {
    for (const count of [10, 100_000, 1_000_000, 5]) {
      for await (const rows of database.stream(numbers(count), { batch: 3 })) {
        expect(rows).toHaveLength(3);
        break;
      }
    }
    expect((await database.execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }]);
  });

  it("fails with the server's error after the rows before it", async () => {
    await database.execute(
      sql.raw(`create function lab.explode(n int) returns int deterministic
      begin if n = 700 then signal sqlstate '45000' set message_text = 'no further'; end if; return n; end`),
    );
    let count = 0;
    const reading = (async () => {
      const query = sql`with recursive r (n) as (select 1 union all select n + 1 from r where n < 1000)
        select lab.explode(n) as n from r`;
      for await (const rows of database.stream(query, { batch: 100 })) count += rows.length;
    })();
    expect(await failureOf(reading)).toMatchObject({
      code: "database",
      message: expect.stringContaining("no further"),
    });
    expect(count % 100).toBe(0);
    expect((await database.execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }]);
  });

  it("fails at an integer beyond 2^53 unless bigints are asked for", async () => {
    const query = sql`select 1 as n union all select 9007199254740993`;
    const read = async (bigints: boolean): Promise<unknown[]> => {
      const seen: unknown[] = [];
      for await (const rows of database.stream(query, { bigints })) seen.push(...rows);
      return seen;
    };
    expect(await failureOf(read(false))).toMatchObject({ code: "out-of-range" });
    expect(await read(true)).toEqual([{ n: 1n }, { n: 9007199254740993n }]);
  });
});
