import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { create } from "../../../sql/src/testing/table.ts";
import { inSchema, tableSpecs } from "../../../sql/src/testing/table-specs.ts";
import { openTemporary } from "../testing/database.ts";

const tables = tableSpecs({
  otherTypes: ["bool", "float32", "float64", "json", "bytes", "char(3)", "int unsigned", "longblob"],
  defaults: {
    int8: { kind: "literal", text: "-5" },
    float64: { kind: "literal", text: "1e-3" },
    "varchar(30)": { kind: "literal", text: "it's -- \" ?" },
    "decimal(5,2)": { kind: "literal", text: "1.5" },
    date: { kind: "literal", text: "2024-02-29" },
    "datetime(3)": { kind: "sql", text: "CURRENT_TIMESTAMP(3)" },
    "enum('x','y')": { kind: "literal", text: "y" },
  },
  comment: fc.string({ maxLength: 30 }).filter((text) => !text.includes("\0")),
  tellsNullDefaults: true,
  expression: (column) => `lower(${column})`,
});

describe("createTable and catalog.tables", () => {
  it("give back every table as it was declared", async () => {
    const { database } = await openTemporary();
    let count = 0;
    await fc.assert(
      fc.asyncProperty(tables, async (specs) => {
        const own = inSchema(`lab_${count++}`, specs);
        await create(database, ...own);
        const found = await database.catalog.tables(database, own[0]?.schema ?? "");
        expect(found).toEqual(own.toSorted((a, b) => (a.name < b.name ? -1 : 1)));
      }),
      { numRuns: 60 },
    );
  });
});
