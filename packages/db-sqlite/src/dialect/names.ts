import { QueryError } from "@mortise/core";
import { quoteName } from "@mortise/sql";

/** `lab.visit`: the whole name of a table in the file. Table names hold no dot, so the last one ends the schema. */
export function fullName(schema: string, table: string): string {
  if (schema === "" || table === "" || table.includes(".")) {
    throw new QueryError(
      "invalid-query",
      `no table name: schema ${JSON.stringify(schema)}, table ${JSON.stringify(table)}`,
    );
  }
  return `${schema}.${table}`;
}

/** The schema and table of a whole name. */
export function splitName(name: string): { readonly schema: string; readonly table: string } {
  const dot = name.lastIndexOf(".");
  return { schema: name.slice(0, Math.max(dot, 0)), table: name.slice(dot + 1) };
}

/** `"lab.visit"`, quoted. */
export function quoteTable(schema: string, table: string): string {
  return quoteName(fullName(schema, table));
}

/** Columns for a list: `"a", "b"`. */
export function quoteNames(names: readonly string[]): string {
  return names.map(quoteName).join(", ");
}
