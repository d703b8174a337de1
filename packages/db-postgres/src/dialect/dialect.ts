import type { Dialect } from "@mortise/sql";
import { sql } from "kysely";
import { createTable } from "./create-table.ts";
import { dropTable } from "./drop-table.ts";
import { isEnum } from "./enum-type.ts";
import { insert } from "./insert.ts";
import { maxParameters } from "./insert-values.ts";
import { jsonPath } from "./json-path.ts";
import { maxNameBytes, quote, quoteTable } from "./names.ts";
import { bound, reader, writer } from "./values.ts";

/** How PostgreSQL says it. */
export const postgresDialect: Dialect = {
  backend: "postgresql",
  traits: { nan: true, infinity: true, maxIdentifierBytes: maxNameBytes, maxParameters },
  table: (schema, name) => sql.raw(quoteTable(schema, name)),
  createTable,
  dropTable,
  createSchema: (schema) => [sql.raw(`CREATE SCHEMA IF NOT EXISTS ${quote(schema)}`)],
  toDatabase: (type, value) => writer(type)(value),
  fromDatabase: (type, raw) => reader(type)(raw),
  insert,
  jsonPath,
  // An enum has no LIKE, and orders by its declaration: on every database it is compared as text.
  comparable: (type, fragment) => (isEnum(type) ? sql`CAST(${fragment} AS text)` : fragment),
  bound,
  defaultValue: () => sql.raw("DEFAULT"),
};
