import { executeAll, type TableSpec } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { testServer } from "../../../packages/schema/test/database/provided.ts";
import { createTestDatabase } from "../../../packages/schema/test/database/test-database.ts";
import { inSchema, tableSpecs } from "../../../packages/sql/src/testing/table-specs.ts";

const isMariaDb = testServer()?.name.startsWith("MariaDB") === true;

const tables = tableSpecs({
  otherTypes: [
    "bool",
    "float32",
    "float64",
    "json",
    "bytes",
    "char(3)",
    "int unsigned",
    "longblob",
    "timestamp(3)",
    "double",
    "year",
    "time",
    "mediumtext",
  ],
  // As the catalog shows them: with all digits of the column.
  defaults: {
    int8: { kind: "literal", text: "-5" },
    bool: { kind: "literal", text: "1" },
    float64: { kind: "literal", text: "0.001" },
    "varchar(30)": { kind: "literal", text: "it's -- \" ? \\ é %" },
    "decimal(5,2)": { kind: "literal", text: "1.50" },
    date: { kind: "literal", text: "2024-02-29" },
    "datetime(3)": { kind: "sql", text: "CURRENT_TIMESTAMP(3)" },
    "timestamp(3)": { kind: "sql", text: "CURRENT_TIMESTAMP(3)" },
    "enum('x','y')": { kind: "literal", text: "y" },
    uuid: { kind: "literal", text: "00112233-4455-6677-8899-aabbccddee5c" },
  },
  // What a definition can hold: one line, no marker of its own, no characters that the catalog would show as "?".
  comment: fc
    .string({ unit: "grapheme", maxLength: 30 })
    .filter((text) => !/[\0\n\u{10000}-\u{10ffff}]/u.test(text) && !text.startsWith(":")),
  tellsNullDefaults: false,
  expression: isMariaDb ? undefined : (column) => `(hex(${column}))`,
});

describe("createTable and catalog.tables", () => {
  it("give back every table as it was declared", async () => {
    await using place = await createTestDatabase();
    await using database = await place.open();
    let count = 0;
    await fc.assert(
      fc.asyncProperty(tables, async (specs) => {
        const schema = `round_trip_${count++}`;
        const own = inSchema(schema, specs);
        await executeAll(database, [...database.dialect.createSchema(schema), ...own.flatMap(statements)]);
        const found = await database.catalog.tables(database, schema);
        expect(found).toEqual(own.toSorted((a, b) => (a.name < b.name ? -1 : 1)));
        await database.execute(sql`drop database ${sql.id(schema)}`);
      }),
      { numRuns: 40 },
    );

    function statements(spec: TableSpec) {
      return database.dialect.createTable(spec);
    }
  });
});
