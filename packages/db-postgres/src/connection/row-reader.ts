import type { DatabaseRow } from "@mortise/sql";
import { type Parser, parserOf } from "./parsers.ts";
import type { Field } from "./wire.ts";

/** Makes a row of the texts of its values. */
export type RowReader = (values: readonly (string | null)[]) => DatabaseRow;

/** Two columns of one name leave the last. */
export function rowReader(fields: readonly Field[], bigints: boolean): RowReader {
  const names = fields.map((field) => field.name);
  const parsers = fields.map((field) => parserOf(field.dataTypeID, bigints));
  const read = (values: readonly (string | null)[]): DatabaseRow => {
    const row: Record<string, unknown> = {};
    for (let i = 0; i < names.length; i++) {
      const text = values[i];
      row[names[i] as string] = text === null ? null : (parsers[i] as Parser)(text as string);
    }
    return row;
  };
  if (!names.includes("__proto__")) return read;
  // Assigned, a column of this name would change what the row inherits from, and be no value of it.
  return (values) =>
    Object.fromEntries(
      names.map((name, i) => [name, values[i] === null ? null : (parsers[i] as Parser)(values[i] as string)]),
    );
}
