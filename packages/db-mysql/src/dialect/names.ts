import { QueryError } from "@mortise/core";

/** A name between MySQL's own quotes, which mean a name whatever the SQL mode. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

/** `` `lab`.`visit` ``. */
export function quoteTable(schema: string, table: string): string {
  if (schema === "" || table === "") {
    throw new QueryError(
      "invalid-query",
      `no table name: schema ${JSON.stringify(schema)}, table ${JSON.stringify(table)}`,
    );
  }
  return `${quoteName(schema)}.${quoteName(table)}`;
}

/** Columns for a list: `` `a`, `b` ``. */
export function quoteNames(names: readonly string[]): string {
  return names.map(quoteName).join(", ");
}
