import { type Dialect, quoteLiteral } from "@mortise/sql";
import { sql } from "kysely";
import { forgetTable } from "../catalog/metadata.ts";
import { decimalOrderFunction } from "../connection/decimal-order.ts";
import { createTable } from "./create-table.ts";
import { defaultExpression } from "./defaults.ts";
import { InsertStatement } from "./insert-statement.ts";
import { fullName, quoteTable } from "./names.ts";
import { reader, writer } from "./values.ts";

/** How SQLite says it. Tables of all schemas lie in one file, as `"<schema>.<table>"`. */
export const sqliteDialect: Dialect = {
  backend: "sqlite",
  traits: {
    // SQLite stores NaN as NULL, without an error.
    nan: false,
    infinity: true,
    // SQLite has no limit; MySQL's keeps definitions portable.
    maxIdentifierBytes: 64,
    maxParameters: 32_766,
  },
  table: (schema, name) => sql.id(fullName(schema, name)),
  createTable,
  dropTable: (spec) => [
    sql.raw(`DROP TABLE ${quoteTable(spec.schema, spec.name)}`),
    ...forgetTable(spec.schema, spec.name),
  ],
  createSchema: () => [],
  toDatabase: (type, value) => writer(type)(value),
  fromDatabase: (type, raw) => reader(type)(raw),
  insert: (request) => [new InsertStatement(request)],
  jsonPath: (column, path) => sql`json_extract(${column}, ${sql.raw(quoteLiteral(jsonPathText(path)))})`,
  comparable: (type, fragment) =>
    type.kind === "core" && type.name === "decimal" ? sql`${sql.raw(decimalOrderFunction)}(${fragment})` : fragment,
  defaultValue: (column) => sql.raw(defaultExpression(column)),
};

/** `$.a."b c"[0]`. A literal, not a bound value: only then can an index on the same path be used. */
function jsonPathText(path: readonly (string | number)[]): string {
  const steps = path.map((step) => {
    if (typeof step === "number") return `[${step}]`;
    return /^[A-Za-z_]\w*$/.test(step) ? `.${step}` : `.${JSON.stringify(step)}`;
  });
  return `$${steps.join("")}`;
}
