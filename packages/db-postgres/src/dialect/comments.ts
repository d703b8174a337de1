import { type ColumnSpec, formatComment, type TableSpec } from "@mortise/sql";
import { literal } from "./literal.ts";
import { quote, quoteTable } from "./names.ts";

/** The comments of a table and its columns, in which readers find the declared types (section 2.3). */
export function createComments(spec: TableSpec): readonly string[] {
  const table = quoteTable(spec.schema, spec.name);
  const references = new Set(spec.foreignKeys.flatMap(({ columns }) => columns));
  const columns = spec.columns.flatMap((column) => {
    const text = columnComment(column, references.has(column.name));
    return text === "" ? [] : [`COMMENT ON COLUMN ${table}.${quote(column.name)} IS ${literal(text)}`];
  });
  return [`COMMENT ON TABLE ${table} IS ${literal(spec.comment)}`, ...columns];
}

/** Python can use a uuid that refers to another one only as long as no marker calls it one. */
function columnComment({ marker, comment }: ColumnSpec, isReference: boolean): string {
  return formatComment(isReference && marker === "uuid" ? undefined : marker, comment);
}
