import { QueryError } from "@mortise/core";
import { quoteName } from "@mortise/sql";

/** NAMEDATALEN - 1: PostgreSQL cuts longer names without an error, and would then find or make another table. */
export const maxNameBytes = 63;

function checked(name: string): string {
  if (name === "" || name.includes("\0") || Buffer.byteLength(name) > maxNameBytes) {
    throw new QueryError("invalid-query", `${JSON.stringify(name)} is no name of PostgreSQL's`, {
      hint: `names have 1 to ${maxNameBytes} bytes`,
    });
  }
  return name;
}

/** A name in quotes; one that PostgreSQL would cut is refused. */
export function quote(name: string): string {
  return quoteName(checked(name));
}

/** `"lab"."visit"`, quoted. */
export function quoteTable(schema: string, table: string): string {
  return `${quote(schema)}.${quote(table)}`;
}

/** Columns for a list: `"a", "b"`. */
export function quoteNames(names: readonly string[]): string {
  return names.map(quote).join(", ");
}

/** The longest beginning of a text that has so many bytes, cut between characters. */
export function cutToBytes(text: string, bytes: number): string {
  const cut = Buffer.from(text).subarray(0, bytes).toString();
  return cut.replace(/\uFFFD+$/, "");
}
