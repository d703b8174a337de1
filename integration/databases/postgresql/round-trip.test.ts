import { type ColumnDefault, type ColumnSpec, executeAll, type IndexSpec, type TableSpec } from "@mortise/sql";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { column, create } from "../../../packages/sql/src/testing/table.ts";
import { openPostgresLab } from "./postgres-lab.ts";

const keyTypes = [
  "int8",
  "int32",
  "int64",
  "uuid",
  "date",
  "varchar(30)",
  "enum('x','y')",
  "decimal(5,2)",
  "datetime(3)",
];
const natives = ["int", "smallint", "bigint", "text", "real", "float", "time", "numeric(5,2)", "timestamp(3)"];
const otherTypes = [...keyTypes, "bool", "float32", "float64", "json", "bytes", "char(3)", "datetime", ...natives];

const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,60}$/);
// A comment ends with its line and begins with no colon; `\"` is what Python stores for a quote.
const comment = fc.string({ maxLength: 30 }).filter((text) => !/^:|\0|\n|\\"/.test(text));

/** In the server's own spelling, in which it shows them. */
const defaults: Readonly<Record<string, ColumnDefault>> = {
  int8: { kind: "literal", text: "-5" },
  int64: { kind: "literal", text: "5" },
  float64: { kind: "literal", text: "0.001" },
  bool: { kind: "literal", text: "0" },
  uuid: { kind: "literal", text: "01234567-89ab-cdef-0123-456789abcdef" },
  "varchar(30)": { kind: "literal", text: `it's -- " ? $1 \\ %s` },
  "decimal(5,2)": { kind: "literal", text: "-1.50" },
  date: { kind: "literal", text: "2024-02-29" },
  datetime: { kind: "literal", text: "2024-02-29T01:02:03" },
  "datetime(3)": { kind: "sql", text: "CURRENT_TIMESTAMP(3)" },
  "enum('x','y')": { kind: "literal", text: "y" },
  int: { kind: "literal", text: "7" },
  text: { kind: "literal", text: "" },
};

function columnOf(attribute: string, type: string, choice: number, text: string): ColumnSpec {
  if (choice === 1) return column(attribute, type, { nullable: true, default: { kind: "null" }, comment: text });
  return column(attribute, type, { comment: text, default: choice === 2 ? defaults[type] : undefined });
}

/** A parent, a child that refers to it twice, and one more below, with indexes and every kind of default. */
const tables = fc
  .record({
    names: fc.uniqueArray(name, { minLength: 9, maxLength: 9 }),
    keys: fc.array(fc.tuple(fc.constantFrom(...keyTypes), comment), { minLength: 1, maxLength: 3 }),
    others: fc.array(fc.tuple(fc.constantFrom(...otherTypes), fc.integer({ min: 0, max: 2 }), comment), {
      maxLength: 3,
    }),
    comments: fc.tuple(comment, comment),
    indexes: fc.array(fc.record({ unique: fc.boolean(), size: fc.integer({ min: 1, max: 2 }) }), { maxLength: 3 }),
    prefix: fc.constantFrom("", "#", "_", "__"),
  })
  .map(({ names, keys, others, comments, indexes, prefix }): readonly TableSpec[] => {
    const keyColumns = keys.map(([type, text], i) => column(names[i] as string, type, { comment: text }));
    const secondary = others.map(([type, choice, text], i) => columnOf(names[i + 3] as string, type, choice, text));
    const key = keyColumns.map((one) => one.name);
    const declared = indexes.map(
      ({ unique, size }): IndexSpec => ({ unique, items: key.slice(0, size).map((one) => ({ column: one })) }),
    );
    const parent: TableSpec = {
      schema: "lab",
      name: `${prefix}parent`,
      comment: comments[0],
      columns: [...keyColumns, ...secondary],
      primaryKey: key.toReversed(),
      foreignKeys: [],
      indexes: declared,
    };
    const renamed = keyColumns.map((one, i) => ({
      ...one,
      name: `r${i}_${names[i + 6]}`.slice(0, 63),
      nullable: true,
    }));
    const foreignKey = { parent: { schema: "lab", table: parent.name }, parentColumns: parent.primaryKey };
    const child: TableSpec = {
      schema: "lab",
      name: `${prefix}parent__child`,
      comment: comments[1],
      columns: [...keyColumns, ...renamed],
      primaryKey: key,
      foreignKeys: [
        { ...foreignKey, columns: parent.primaryKey },
        { ...foreignKey, columns: renamed.map((one) => one.name).toReversed() },
      ],
      indexes: declared,
    };
    const below: TableSpec = {
      ...child,
      name: `${prefix}below`,
      columns: keyColumns,
      foreignKeys: [{ columns: key, parent: { schema: "lab", table: child.name }, parentColumns: key }],
      indexes: [],
    };
    return [parent, child, below];
  });

describe("createTable and catalog.tables on PostgreSQL", () => {
  it("give back every table as it was declared, and dropTable leaves nothing behind", async () => {
    await using lab = await openPostgresLab();
    const { database, raw } = lab;
    await executeAll(database, database.dialect.createSchema("lab"));
    await fc.assert(
      fc.asyncProperty(tables, async (specs) => {
        await create(database, ...specs);
        const found = await database.catalog.tables(database, "lab");
        expect(found).toEqual(specs.toSorted((a, b) => (a.name < b.name ? -1 : 1)));
        for (const spec of specs.toReversed()) await executeAll(database, database.dialect.dropTable(spec));
        const left = await raw.query(
          `select relname as name from pg_class where relnamespace = 'lab'::regnamespace
           union all select typname from pg_type where typnamespace = 'lab'::regnamespace`,
        );
        expect(left).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});
