import { DefinitionError } from "@mortise/core";
import type { ColumnSpec, ForeignKeySpec, Statement, TableSpec } from "@mortise/sql";
import { sql } from "kysely";
import { referringType, sqlType } from "./column-type.ts";
import { createComments } from "./comments.ts";
import { defaultClause } from "./defaults.ts";
import { createEnumType, isEnum, ownEnumType } from "./enum-type.ts";
import { createIndexes } from "./indexes.ts";
import { literal } from "./literal.ts";
import { quote, quoteNames, quoteTable } from "./names.ts";

/** Everything that makes a table, for one transaction: its enum types, the table, indexes and comments. */
export function createTable(spec: TableSpec): readonly Statement[] {
  if (spec.primaryKey.length === 0) {
    throw new DefinitionError("no-key", `${spec.schema}.${spec.name} has no primary key`, { table: spec.name });
  }
  const borrowed = spec.columns.flatMap((column) => borrowedType(spec, column) ?? []);
  const types = spec.columns.flatMap((column) =>
    isEnum(column.type) && borrowedType(spec, column) === undefined ? createEnumType(spec, column, column.type) : [],
  );
  const table = borrowed.length === 0 ? tableText(spec) : tableBlock(spec, borrowed);
  return [...types, table, ...createIndexes(spec), ...createComments(spec)].map((text) => sql.raw(text));
}

/** `%s` stands for each type that is not known before the parent's column is looked up. */
function tableText(spec: TableSpec): string {
  const clauses = [
    ...spec.columns.map((column) => columnClause(spec, column)),
    `PRIMARY KEY (${quoteNames(spec.primaryKey)})`,
    ...spec.foreignKeys.map(foreignKeyClause),
  ];
  return `CREATE TABLE ${quoteTable(spec.schema, spec.name)} (\n  ${clauses.join(",\n  ")}\n)`;
}

function columnClause(spec: TableSpec, column: ColumnSpec): string {
  const required = column.nullable ? "" : " NOT NULL";
  return `${quote(column.name)} ${typeOf(spec, column)}${required}${defaultClause(column)}`;
}

function typeOf(spec: TableSpec, column: ColumnSpec): string {
  const isReference = referenceOf(spec, column) !== undefined;
  if (!isEnum(column.type)) return isReference ? referringType(column.type) : sqlType(column.type);
  return isReference ? borrowedMark : ownEnumType(spec, column.name);
}

function foreignKeyClause({ columns, parent, parentColumns }: ForeignKeySpec): string {
  const target = `${quoteTable(parent.schema, parent.table)} (${quoteNames(parentColumns)})`;
  return `FOREIGN KEY (${quoteNames(columns)}) REFERENCES ${target} ON UPDATE CASCADE ON DELETE RESTRICT`;
}

/** A character that no name or literal of a definition has. */
const borrowedMark = "\0";

/** Where the enum type of a foreign key's column is found: it must be the parent's own. */
function borrowedType(spec: TableSpec, column: ColumnSpec): string | undefined {
  const reference = referenceOf(spec, column);
  if (!isEnum(column.type) || reference === undefined) return undefined;
  const { key, position } = reference;
  const table = literal(quoteTable(key.parent.schema, key.parent.table));
  // A column that is not there gets any type: the constraint then fails with the server's own words.
  return `(SELECT coalesce(max(pg_catalog.format_type(atttypid, atttypmod)), 'text') FROM pg_catalog.pg_attribute
    WHERE attrelid = ${table}::pg_catalog.regclass AND attname = ${literal(key.parentColumns[position] ?? "")})`;
}

function referenceOf(
  spec: TableSpec,
  { name }: ColumnSpec,
): { readonly key: ForeignKeySpec; readonly position: number } | undefined {
  const key = spec.foreignKeys.find(({ columns }) => columns.includes(name));
  return key === undefined ? undefined : { key, position: key.columns.indexOf(name) };
}

/**
 * A parent's enum type has a name that only the catalog knows: the parent may be Python's, or have its type from a
 * parent of its own. So the statement is put together on the server.
 */
function tableBlock(spec: TableSpec, borrowed: readonly string[]): string {
  const pattern = tableText(spec).replaceAll("%", "%%").replaceAll(borrowedMark, "%s");
  return `DO ${literal(`BEGIN EXECUTE pg_catalog.format(${[literal(pattern), ...borrowed].join(", ")}); END`)}`;
}
