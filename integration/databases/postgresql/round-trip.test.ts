import { executeAll, type TableSpec } from "@mortise/sql";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { create } from "../../../packages/sql/src/testing/table.ts";
import { tableSpecs } from "../../../packages/sql/src/testing/table-specs.ts";
import { openPostgresLab } from "./postgres-lab.ts";

const natives = ["int", "smallint", "bigint", "text", "real", "float", "time", "numeric(5,2)", "timestamp(3)"];

const tables = tableSpecs({
  otherTypes: ["bool", "float32", "float64", "json", "bytes", "char(3)", "datetime", ...natives],
  // As the catalog shows them: with all digits of the column.
  defaults: {
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
  },
  // One line without a marker of its own; `\\"` is what Python stores for a quote.
  comment: fc.string({ unit: "grapheme", maxLength: 30 }).filter((text) => !/^:|\0|\n|\\"/.test(text)),
  tellsNullDefaults: false,
  expression: undefined,
});

/** A table below the child, whose types come from the parent's through the child's. */
function below(child: TableSpec): TableSpec {
  const key = child.primaryKey;
  return {
    ...child,
    name: "below",
    columns: child.columns.filter(({ name }) => key.includes(name)),
    foreignKeys: [{ columns: key, parent: { schema: "lab", table: child.name }, parentColumns: key }],
    indexes: [],
  };
}

describe("createTable and catalog.tables on PostgreSQL", () => {
  it("give back every table as it was declared, and dropTable leaves nothing behind", async () => {
    await using lab = await openPostgresLab();
    const { database, raw } = lab;
    await executeAll(database, database.dialect.createSchema("lab"));
    await fc.assert(
      fc.asyncProperty(tables, async ([parent, child]) => {
        const specs = [parent, child, below(child)];
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
