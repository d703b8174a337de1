import { acceptValue, executeAll, needsBigint } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import { describe, expect, it } from "vitest";
import { column, table } from "../../../packages/sql/src/testing/table.ts";
import { openPostgresLab, type PostgresLab, valueOf } from "./postgres-lab.ts";

/** A server of another country, with every setting that changes the text of values. */
const foreign = (name: string): readonly string[] =>
  [
    "timezone = 'Asia/Tokyo'",
    "datestyle = 'German, DMY'",
    "intervalstyle = 'iso_8601'",
    "bytea_output = 'escape'",
    "extra_float_digits = -15",
    "standard_conforming_strings = off",
    "quote_all_identifiers = on",
    "default_transaction_isolation = 'serializable'",
  ].map((setting) => `alter database "${name}" set ${setting}`);

async function openForeign(): Promise<PostgresLab> {
  const lab = await openPostgresLab();
  for (const text of foreign(lab.options.name)) await lab.raw.query(text);
  const database = await lab.open();
  return { ...lab, database };
}

describe("a session on PostgreSQL", () => {
  it("reads the same values whatever the server's settings are", async () => {
    await using lab = await openForeign();
    const { rows } = await lab.database.execute(sql`select
      current_setting('TimeZone') as zone, '2024-02-03 04:05:06.7'::timestamp as at, '2024-02-03'::date as day,
      '2024-02-03 04:05:06+00'::timestamptz as moment, '1 day 2 hours'::interval as span, '\\x00ff'::bytea as bytes,
      0.1::float8 + 0.2 as sum, 3.4028235e38::real as largest, 'a\\b' as text,
      format_type('jsonb'::regtype, null) as type`);
    expect(rows).toEqual([
      {
        zone: "UTC",
        at: "2024-02-03 04:05:06.7",
        day: "2024-02-03",
        moment: "2024-02-03 04:05:06+00",
        span: "1 day 02:00:00",
        bytes: Uint8Array.of(0, 255),
        sum: 0.30000000000000004,
        largest: Math.fround(3.4028235e38),
        text: "a\\b",
        type: "jsonb",
      },
    ]);
  });

  it("keeps foreign keys where the database is set up as a replica that trusts what it is told", async () => {
    await using lab = await openPostgresLab(["create schema lab", "create table lab.parent (id int primary key)"]);
    await lab.raw.query("create table lab.child (id int references lab.parent)");
    await lab.raw.query(`alter database "${lab.options.name}" set session_replication_role = replica`);
    const database = await lab.open();
    await expect(database.execute(sql`insert into lab.child values (1)`)).rejects.toMatchObject({ code: "integrity" });
  });

  it("writes the time of UTC where a default asks for the current one", async () => {
    await using lab = await openForeign();
    const off = await valueOf(
      lab,
      sql`select extract(epoch from current_timestamp::timestamp - (now() at time zone 'UTC'))::int as value`,
    );
    expect(off).toBe(0);
  });

  it("is READ COMMITTED, or one snapshot where it only reads, whatever the server's default is", async () => {
    await using lab = await openForeign();
    const isolation = sql`select current_setting('transaction_isolation') as value`;
    await using session = await lab.database.begin();
    expect((await session.execute(isolation)).rows).toEqual([{ value: "read committed" }]);
    await using reading = await lab.database.begin({ readOnly: true });
    expect((await reading.execute(isolation)).rows).toEqual([{ value: "repeatable read" }]);
    expect((await reading.execute(sql`select 1 as value from pg_class limit 1`)).rows).toEqual([{ value: 1 }]);
    await lab.raw.query("create table later (a int)");
    const seen = await reading.execute(sql`select count(*) as n from pg_class where relname = 'later'`);
    expect(seen.rows).toEqual([{ n: 0 }]);
  });

  it("leaves the server's limits of time as they are", async () => {
    await using lab = await openPostgresLab();
    await lab.raw.query(`alter database "${lab.options.name}" set statement_timeout = '17min'`);
    const database = await lab.open();
    expect(await valueOf({ database }, sql`select current_setting('statement_timeout') as value`)).toBe("17min");
    expect(await valueOf({ database }, sql`select current_setting('application_name') as value`)).toBe("mortise");
    expect(await valueOf({ database }, sql`select current_setting('client_encoding') as value`)).toBe("UTF8");
  });

  it("keeps a comment with quotes, backslashes, percent signs and braces as it is", async () => {
    await using lab = await openForeign();
    const comment = `it's "100%" {x} \\n \\' $1 $$ é😀`;
    const spec = table("t", [column("a", "int32", { comment })], { comment });
    await executeAll(lab.database, [
      ...lab.database.dialect.createSchema("lab"),
      ...lab.database.dialect.createTable(spec),
    ]);
    const [found] = await lab.database.catalog.tables(lab.database, "lab");
    expect([found?.comment, found?.columns[0]?.comment]).toEqual([comment, comment]);
  });

  it.each([
    ["int64", 2n ** 63n - 1n],
    ["int64", -(2n ** 63n)],
    ["int32", -(2 ** 31)],
    ["float32", Math.fround(1.17549435e-38)],
    ["float32", Math.fround(3.4028235e38)],
    ["float64", Number.MAX_VALUE],
    ["float64", Number.MIN_VALUE],
    ["float64", -0],
    ["float64", Number.NaN],
    ["float64", -Infinity],
    ["decimal(65,30)", `-${"9".repeat(35)}.${"9".repeat(30)}`],
    ["date", "0001-01-01"],
    ["date", "9999-12-31"],
    ["datetime(6)", "0001-01-01T00:00:00.000001"],
    ["datetime(6)", "9999-12-31T23:59:59.999999"],
    ["datetime(3)", "1969-12-31T23:59:59.500"],
    ["char(4)", "é😀"],
    ["varchar(100)", ` \\ \\. \\N \t\r\n "'\u2028{}% `],
    ["varchar(100)", ""],
    ["json", '"abc"'],
    ["json", "123"],
    ["json", { k: [1e300, null, "\\u0041", ""], é: true }],
    ["json", "a\u001fb"],
    ["uuid", "01234567-89ab-cdef-0123-456789abcdef"],
    ["bool", false],
    ["bytes", new Uint8Array(0)],
    ["bytes", Uint8Array.from({ length: 256 }, (_, value) => value)],
  ])("%s keeps %s", async (type, value) => {
    await using lab = await openForeign();
    const { dialect } = lab.database;
    const spec = table("t", [column("k", "int8"), column("a", type, { nullable: true, default: { kind: "null" } })]);
    await executeAll(lab.database, [...dialect.createSchema("lab"), ...dialect.createTable(spec)]);
    const columnType = column("a", type).type;
    const cell = dialect.toDatabase(columnType, acceptValue(columnType, value, dialect.traits));
    const insert = (...keys: readonly number[]) =>
      executeAll(
        lab.database,
        dialect.insert({
          schema: "lab",
          table: "t",
          columns: ["k", "a"],
          primaryKey: ["k"],
          rows: keys.map((key) => [key, cell]),
        }),
      );
    await insert(1);
    await insert(2, 3);
    const { rows } = await lab.database.execute<{ a: unknown }>(sql`select a from lab.t`, {
      bigints: needsBigint(columnType),
    });
    expect(rows.map(({ a }) => dialect.fromDatabase(columnType, a))).toEqual([value, value, value]);
  });
});
