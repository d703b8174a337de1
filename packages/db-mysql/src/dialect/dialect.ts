import { type ColumnType, type Dialect, nativeFamily, type Statement } from "@mortise/sql";
import { sql } from "kysely";
import { createTable } from "./create-table.ts";
import { insertStatements } from "./insert-statement.ts";
import { jsonPath } from "./json-path.ts";
import { quoteName, quoteTable } from "./names.ts";
import { reader, writer } from "./values.ts";

/** How MySQL and MariaDB say it: one text for both, so that it needs no connection to know which of them it is. */
export const mysqlDialect: Dialect = {
  backend: "mysql",
  traits: {
    nan: false,
    infinity: false,
    // 64 characters; names are ASCII.
    maxIdentifierBytes: 64,
    maxParameters: 65_535,
    ownRows: true,
  },
  table: (schema, name) => sql.id(schema, name),
  createTable,
  dropTable: (spec) => [sql.raw(`DROP TABLE ${quoteTable(spec.schema, spec.name)}`)],
  // Two programs may find it missing at once.
  createSchema: (schema) => [sql.raw(`CREATE DATABASE IF NOT EXISTS ${quoteName(schema)}`)],
  toDatabase: (type, value) => writer(type)(value),
  fromDatabase: (type, raw) => reader(type)(raw),
  insert: insertStatements,
  jsonPath,
  // The servers order enums by position and compare them as text.
  comparable: (type, fragment) =>
    type.kind === "core" && type.name === "enum" ? sql`CAST(${fragment} AS CHAR)` : fragment,
  bound: (type, value) => (isDecimal(type) && typeof value === "string" ? boundDecimal(value) : sql`${value}`),
  // mysql2 puts dates together from numbers, which takes longer than all other columns of a row.
  selected: (type, column) => (isTemporal(type) ? sql`CAST(${column} AS CHAR)` : column),
  // Also right for columns without one: DEFAULT is NULL where the column is nullable, an error where it is not.
  defaultValue: () => sql`DEFAULT`,
};

function isTemporal(type: ColumnType): boolean {
  if (type.kind === "native") return nativeFamily(type) === "timestamp";
  return type.name === "date" || type.name === "datetime";
}

function isDecimal(type: ColumnType | undefined): boolean {
  if (type === undefined) return false;
  return type.kind === "native" ? nativeFamily(type) === "decimal" : type.name === "decimal";
}

/** MariaDB compares a decimal with a list of texts as floating-point numbers, which takes neighbours for equal. */
function boundDecimal(value: string): Statement {
  const [whole = "", fraction = ""] = value.replace(/^-/, "").split(".");
  const scale = Math.min(fraction.length, 30);
  const precision = Math.min(Math.max(whole.length + scale, 1), 65);
  return sql`CAST(${value} AS DECIMAL(${sql.raw(`${precision},${scale}`)}))`;
}
