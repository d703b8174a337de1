import { acceptValue, type ColumnType, type Database, executeAll, parseColumnType } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testServer } from "../../../packages/schema/test/database/provided.ts";
import { createTestDatabase, type TestDatabase } from "../../../packages/schema/test/database/test-database.ts";
import { column, table } from "../../../packages/sql/src/testing/table.ts";

// Every value through a literal of an insert, a column and the binary protocol, and found again by a bound value.

const digits = (count: number) => fc.stringMatching(new RegExp(`^[0-9]{${count}}$`));
const day = fc.date({
  min: new Date("1000-01-01T00:00:00Z"),
  max: new Date("9999-12-31T23:59:59Z"),
  noInvalidDate: true,
});
const text = fc
  .string({ unit: "grapheme", maxLength: 20 })
  .filter((value) => !value.includes("\0") && value.isWellFormed());
const finite = { noNaN: true, noDefaultInfinity: true };
/** MariaDB reads the literal of a negative zero as zero. */
const keepsSign = testServer()?.name.startsWith("MariaDB") !== true;
const number = (values: fc.Arbitrary<number>) => values.filter((value) => keepsSign || !Object.is(value, -0));

const types: readonly (readonly [text: string, values: fc.Arbitrary<unknown>])[] = [
  ["int8", fc.integer({ min: -128, max: 127 })],
  ["int16", fc.integer({ min: -32_768, max: 32_767 })],
  ["int32", fc.integer({ min: -2_147_483_648, max: 2_147_483_647 })],
  ["int64", fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
  ["float32", number(fc.float({ ...finite, min: Math.fround(-3e38), max: Math.fround(3e38) }))],
  ["float64", number(fc.double(finite))],
  ["bool", fc.boolean()],
  ["uuid", fc.uuid()],
  ["date", day.map((date) => date.toISOString().slice(0, 10))],
  ["datetime", day.map((date) => date.toISOString().slice(0, 19))],
  ["datetime(6)", fc.tuple(day, digits(6)).map(([date, part]) => `${date.toISOString().slice(0, 19)}.${part}`)],
  ["varchar(100)", text],
  ["char(30)", text.map((value) => value.replace(/ +$/, ""))],
  ["enum('x','it''s','a,b')", fc.constantFrom("x", "it's", "a,b")],
  [
    "decimal(30,10)",
    fc.tuple(fc.constantFrom("", "-"), digits(20), digits(10)).map(([sign, a, b]) => `${sign}${a}.${b}`),
  ],
  ["bytes", fc.uint8Array({ maxLength: 50 })],
  ["json", fc.jsonValue({ noUnicodeString: false, maxDepth: 4 }).filter((value) => value !== null && isKept(value))],
];

/** Which texts are equal the column's collation says, so these differ in letters and signs, not in case or accents. */
const plainText = fc.stringMatching(/^[a-z'"\\%_;?-]{0,8}[a-z]$/);

/** Types whose values compare, with values that are equal only if they are the same. */
const comparable = types
  .filter(([written]) => written !== "json")
  .map(([written, values]) => [written, written.includes("char") ? plainText : values] as const);

/** JSON's -0 is 0 to JavaScript's own JSON.stringify already, and lone surrogates are no text. */
function isKept(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed() && !value.includes("\0");
  if (typeof value === "number") return !Object.is(value, -0);
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(([key, part]) => isKept(key) && isKept(part));
}

function typeOf(written: string): ColumnType {
  const { type } = parseColumnType(written);
  if (type === undefined) throw new Error(written);
  return type;
}

describe("values of every type", () => {
  let place: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    place = await createTestDatabase();
    database = await place.open();
    const columns = types.map(([written], index) =>
      column(`c${index}`, written, { nullable: true, default: { kind: "null" } }),
    );
    await executeAll(database, [
      ...database.dialect.createSchema("lab"),
      ...database.dialect.createTable(table("t", [column("k", "int32"), ...columns])),
    ]);
  });
  afterAll(async () => {
    await database.close();
    await place[Symbol.asyncDispose]();
  });

  /** Inserts the values as rows 1, 2, …; answers what is fetched of them. */
  async function stored(name: string, type: ColumnType, values: readonly unknown[]): Promise<readonly unknown[]> {
    const { dialect } = database;
    await database.execute(sql`delete from ${dialect.table("lab", "t")}`);
    const rows = values.map((value, index) => [index + 1, dialect.toDatabase(type, value)]);
    await executeAll(
      database,
      dialect.insert({ schema: "lab", table: "t", columns: ["k", name], primaryKey: ["k"], rows }),
    );
    const statement = sql`select ${sql.id(name)} as v from ${dialect.table("lab", "t")} order by k`;
    const found = await database.execute<{ v: unknown }>(statement, { bigints: true });
    return found.rows.map(({ v }) => dialect.fromDatabase(type, v));
  }

  it.each(types)("come back as they were: %s", async (written, arbitrary) => {
    const type = typeOf(written);
    const name = `c${types.findIndex(([other]) => other === written)}`;
    await fc.assert(
      fc.asyncProperty(fc.array(arbitrary, { minLength: 1, maxLength: 30 }), async (values) => {
        const accepted = values.map((value) => acceptValue(type, value, database.dialect.traits));
        expect(await stored(name, type, accepted)).toEqual(accepted);
      }),
      { numRuns: 25 },
    );
  });

  it.each(comparable)("are found by themselves alone: %s", async (written, arbitrary) => {
    const type = typeOf(written);
    const name = `c${types.findIndex(([other]) => other === written)}`;
    const { dialect } = database;
    const bound = (value: unknown) => dialect.bound?.(type, dialect.toDatabase(type, value)) ?? sql``;
    await fc.assert(
      fc.asyncProperty(fc.array(arbitrary, { minLength: 2, maxLength: 10 }), async (values) => {
        const accepted = values.map((value) => acceptValue(type, value, dialect.traits));
        await stored(name, type, accepted);
        const [first, second] = accepted;
        const from = sql`from ${dialect.table("lab", "t")}`;
        const { rows } = await database.execute<{ k: number; one: number; list: number; pair: number }>(sql`
          select k, ${sql.id(name)} = ${bound(first)} as one, ${sql.id(name)} in (${bound(first)}, ${bound(second)}) as list,
            (k, ${sql.id(name)}) in ((${1}, ${bound(first)}), (${2}, ${bound(second)})) as pair ${from} order by k`);
        const same = (a: unknown, b: unknown): boolean => isEqual(a, b);
        expect(rows.map(({ one }) => one === 1)).toEqual(accepted.map((value) => same(value, first)));
        expect(rows.map(({ list }) => list === 1)).toEqual(
          accepted.map((value) => same(value, first) || same(value, second)),
        );
        expect(rows.map(({ pair }) => pair === 1)).toEqual(accepted.map((_, index) => index < 2));
      }),
      { numRuns: 25 },
    );
  });
});

function isEqual(a: unknown, b: unknown): boolean {
  return a instanceof Uint8Array && b instanceof Uint8Array ? Buffer.compare(a, b) === 0 : a === b;
}
