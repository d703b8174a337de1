import { acceptValue, executeAll, needsBigint } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { column, create, table } from "../../../packages/sql/src/testing/table.ts";
import { openPostgresLab, type PostgresLab } from "./postgres-lab.ts";

/** Two values of each type, the smaller one first. */
const values: readonly (readonly [type: string, small: unknown, large: unknown])[] = [
  ["int8", -5, 5],
  ["int32", 1, 2 ** 31 - 1],
  ["int64", -(2n ** 63n), 2n ** 63n - 1n],
  ["float32", 0.1, Infinity],
  ["float64", 0.1, Number.NaN],
  ["bool", false, true],
  ["uuid", "01234567-89ab-cdef-0123-456789abcdef", "11234567-89ab-cdef-0123-456789abcdef"],
  ["bytes", Uint8Array.of(0, 39, 92), Uint8Array.of(1)],
  ["date", "0001-01-01", "2024-02-29"],
  ["datetime", "2024-01-02T03:04:05", "2024-01-02T03:04:06"],
  ["datetime(6)", "2024-01-02T03:04:05.000001", "2024-01-02T03:04:05.000002"],
  ["char(4)", "ab", "abc"],
  ["varchar(40)", "a'; drop table lab.t; --\\", "b % _ {} $1 é😀"],
  ["enum('x','y''z')", "x", "y'z"],
  ["decimal(20,3)", "-12345678901234567.890", "0.001"],
  ["int", 1, 2],
  ["timestamp(3)", "2024-01-02T03:04:05.000", "2024-01-02T03:04:05.001"],
  ["text", "a", "b"],
];
const name = (index: number): string => `c${index}`;

describe("bound values beside columns on PostgreSQL", () => {
  let lab: PostgresLab;
  beforeAll(async () => {
    lab = await openPostgresLab();
    const { database } = lab;
    const { dialect } = database;
    await executeAll(database, dialect.createSchema("lab"));
    const spec = table("t", [column("k", "int32"), ...values.map(([type], index) => column(name(index), type))]);
    await create(database, spec);
    const row = (k: number): unknown[] =>
      values.map((each, index) => {
        const type = column(name(index), each[0]).type;
        return dialect.toDatabase(type, acceptValue(type, each[k], dialect.traits));
      });
    const columns = spec.columns.map((one) => one.name);
    const rows = [1, 2].map((k) => [k, ...row(k)]);
    await executeAll(database, dialect.insert({ schema: "lab", table: "t", columns, primaryKey: ["k"], rows }));
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  it.each(values.map((each, index) => [each[0], index] as const))(
    "%s: equal, listed, in tuples, in order, and fetched",
    async (text, index) => {
      const { dialect } = lab.database;
      const id = sql.id(name(index));
      const { type } = column("a", text);
      const bind = (value: unknown) => sql`${dialect.toDatabase(type, acceptValue(type, value, dialect.traits))}`;
      const [, small, large] = values[index] ?? [];
      const keys = async (condition: ReturnType<typeof bind>): Promise<unknown[]> => {
        const { rows } = await lab.database.execute(sql`select k from lab.t where ${condition} order by k`);
        return rows.map((row) => row["k"]);
      };
      expect(await keys(sql`${id} = ${bind(large)}`)).toEqual([2]);
      expect(await keys(sql`${id} <> ${bind(large)}`)).toEqual([1]);
      expect(await keys(sql`${id} in (${bind(small)}, ${bind(large)})`)).toEqual([1, 2]);
      expect(await keys(sql`(k, ${id}) in ((${1}, ${bind(small)}), (${2}, ${bind(small)}))`)).toEqual([1]);
      const [left, right] = [dialect.comparable(type, id), dialect.comparable(type, bind(small))];
      expect(await keys(sql`${left} > ${right}`)).toEqual([2]);
      const found = await lab.database.execute(sql`select ${id} as value from lab.t order by k`, {
        bigints: needsBigint(type),
      });
      const fetched = found.rows.map((row) => dialect.fromDatabase(type, row["value"]));
      expect(fetched).toEqual([small, large].map((value) => acceptValue(type, value, dialect.traits)));
      // As it was delivered it finds its own row again: so are the keys bound that a delete has read.
      expect(await keys(sql`${id} = ${found.rows[1]?.["value"]}`)).toEqual([2]);
    },
  );

  it("reads scalars inside json by their kind, and NULL where there is none", async () => {
    const { dialect } = lab.database;
    const documents = ['{"a": 1.50, "b": [{"c": "it\'s"}]}', '{"a": "1.5", "b": null}', '{"a": true}', "[]"];
    const rows = documents.map((text) => sql`(${text}::jsonb)`);
    const select = async (path: readonly (string | number)[], as?: "text" | "number" | "boolean") => {
      const value = dialect.jsonPath(sql`j`, path, as);
      const found = await lab.database.execute(sql`select ${value} as value from (values ${sql.join(rows)}) v (j)`);
      return found.rows.map((row) => row["value"]);
    };
    expect(await select(["a"])).toEqual(["1.50", "1.5", "true", null]);
    expect(await select(["a"], "number")).toEqual(["1.50", null, null, null]);
    expect(await select(["a"], "boolean")).toEqual([null, null, true, null]);
    expect(await select(["b", 0, "c"], "text")).toEqual(["it's", null, null, null]);
    expect(await select(["b"])).toEqual(['[{"c": "it\'s"}]', null, null, null]);
  });

  it("R-366: gives an update the column's default", async () => {
    const spec = table("d", [column("k", "int8"), column("a", "int32", { default: { kind: "literal", text: "7" } })]);
    await create(lab.database, spec);
    await lab.raw.query("insert into lab.d values (1, 1)");
    const value = lab.database.dialect.defaultValue(spec.columns[1] ?? column("a", "int32"));
    await lab.database.execute(sql`update lab.d set a = ${value}`);
    expect((await lab.database.execute(sql`select a from lab.d`)).rows).toEqual([{ a: 7 }]);
  });
});
