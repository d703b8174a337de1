import type { ColumnDefault, ColumnSpec, IndexSpec, TableSpec } from "@mortise/sql";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { column, create } from "../../../sql/src/testing/table.ts";
import { openTemporary } from "../testing/database.ts";

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
const otherTypes = [...keyTypes, "bool", "float32", "float64", "json", "bytes", "char(3)", "int unsigned", "longblob"];

// Names stand unquoted in the index expression, where `as` or `index` would be keywords; no keyword ends in an underscore.
const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,12}$/).map((text) => `${text}_`);
const comment = fc.string({ maxLength: 30 }).filter((text) => !text.includes("\0"));

const defaults: Readonly<Record<string, ColumnDefault>> = {
  int8: { kind: "literal", text: "-5" },
  float64: { kind: "literal", text: "1e-3" },
  "varchar(30)": { kind: "literal", text: "it's -- \" ?" },
  "decimal(5,2)": { kind: "literal", text: "1.5" },
  date: { kind: "literal", text: "2024-02-29" },
  "datetime(3)": { kind: "sql", text: "CURRENT_TIMESTAMP(3)" },
  "enum('x','y')": { kind: "literal", text: "y" },
};

function columnOf(attribute: string, type: string, choice: number, text: string): ColumnSpec {
  if (choice === 1) return column(attribute, type, { nullable: true, default: { kind: "null" }, comment: text });
  if (choice === 2) return column(attribute, type, { nullable: true, comment: text });
  return column(attribute, type, { comment: text, default: choice === 3 ? defaults[type] : undefined });
}

/** A parent and a child that refers to it twice, with indexes and every kind of default. */
const tables = fc
  .record({
    names: fc.uniqueArray(name, { minLength: 9, maxLength: 9 }),
    keys: fc.array(fc.constantFrom(...keyTypes), { minLength: 1, maxLength: 3 }),
    others: fc.array(fc.tuple(fc.constantFrom(...otherTypes), fc.integer({ min: 0, max: 3 }), comment), {
      maxLength: 3,
    }),
    comments: fc.tuple(comment, comment),
    indexes: fc.array(fc.record({ unique: fc.boolean(), size: fc.integer({ min: 1, max: 2 }) }), { maxLength: 2 }),
    prefix: fc.constantFrom("", "#", "_", "__"),
  })
  .map(({ names, keys, others, comments, indexes, prefix }): readonly TableSpec[] => {
    const keyColumns = keys.map((type, i) => column(names[i] as string, type));
    const secondary = others.map(([type, choice, text], i) => columnOf(names[i + 3] as string, type, choice, text));
    const key = keyColumns.map((one) => one.name);
    const parent: TableSpec = {
      schema: "lab",
      name: `${prefix}parent`,
      comment: comments[0],
      columns: [...keyColumns, ...secondary],
      primaryKey: key.toReversed(),
      foreignKeys: [],
      indexes: indexes.map(
        ({ unique, size }): IndexSpec => ({ unique, items: key.slice(0, size).map((one) => ({ column: one })) }),
      ),
    };
    const renamed = keyColumns.map((one, i) => ({ ...one, name: `${names[i + 6]}_r` }));
    const foreignKey = { parent: { schema: "lab", table: parent.name }, parentColumns: parent.primaryKey };
    const child: TableSpec = {
      schema: "lab",
      name: `${prefix}parent__child`,
      comment: comments[1],
      columns: [...keyColumns, ...renamed.map((one) => ({ ...one, nullable: true }))],
      primaryKey: key,
      foreignKeys: [
        { ...foreignKey, columns: parent.primaryKey },
        { ...foreignKey, columns: renamed.map((one) => one.name).toReversed() },
      ],
      indexes: [{ unique: false, items: [{ expression: `lower(${key[0]})` }] }],
    };
    return [parent, child];
  });

describe("createTable and catalog.tables", () => {
  it("give back every table as it was declared", async () => {
    const { database } = await openTemporary();
    let count = 0;
    await fc.assert(
      fc.asyncProperty(tables, async (specs) => {
        const schema = `lab_${count++}`;
        const own = specs.map((spec) => ({
          ...spec,
          schema,
          foreignKeys: spec.foreignKeys.map((key) => ({ ...key, parent: { ...key.parent, schema } })),
        }));
        await create(database, ...own);
        const found = await database.catalog.tables(database, schema);
        expect(found).toEqual(own.toSorted((a, b) => (a.name < b.name ? -1 : 1)));
      }),
      { numRuns: 60 },
    );
  });
});
