import type { JsonScalar, Statement } from "@mortise/sql";
import { sql } from "kysely";
import { quoteText } from "./quote-text.ts";

const numbers = "('INTEGER', 'UNSIGNED INTEGER', 'DOUBLE', 'DECIMAL')";

/**
 * The value at a path. `JSON_VALUE` would do most of it, but cuts long text to NULL on MySQL and has no types on MariaDB;
 * `JSON_EXTRACT` alone gives JSON's null, which is not SQL's.
 */
export function jsonPath(column: Statement, path: readonly (string | number)[], as: JsonScalar = "text"): Statement {
  const found = sql`JSON_EXTRACT(${column}, ${sql.raw(quoteText(jsonPathText(path)))})`;
  const text = sql`JSON_UNQUOTE(${found})`;
  if (as === "number") return sql`CASE WHEN JSON_TYPE(${found}) IN ${sql.raw(numbers)} THEN ${text} + 0e0 END`;
  if (as === "boolean") return sql`CASE WHEN JSON_TYPE(${found}) = 'BOOLEAN' THEN ${text} = 'true' END`;
  return sql`CASE WHEN JSON_TYPE(${found}) <> 'NULL' THEN ${text} END`;
}

/** `$.a."b c"[0]`. A literal, not a bound value, because MySQL prepares a path once for all rows. */
function jsonPathText(path: readonly (string | number)[]): string {
  const steps = path.map((step) => {
    if (typeof step === "number") return `[${step}]`;
    return /^[A-Za-z_]\w*$/.test(step) ? `.${step}` : `.${JSON.stringify(step)}`;
  });
  return `$${steps.join("")}`;
}
