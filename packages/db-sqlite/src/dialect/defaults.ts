import { DefinitionError } from "@mortise/core";
import {
  type ColumnSpec,
  type ColumnType,
  currentTimestampDigits,
  defaultProblem,
  literalDefault,
  nativeFamily,
  quoteLiteral,
  timestampDigits,
} from "@mortise/sql";
import { writer } from "./values.ts";

/** SQLite's clock has milliseconds; further digits of a column are zero. */
const clockDigits = 3;

/** Now, in UTC, as the text of a datetime with so many digits. */
function currentTimestamp(digits: number): string {
  if (digits === 0) return "strftime('%Y-%m-%dT%H:%M:%S', 'now')";
  const millis = "strftime('%Y-%m-%dT%H:%M:%f', 'now')";
  if (digits === clockDigits) return millis;
  if (digits < clockDigits) return `substr(${millis}, 1, ${20 + digits})`;
  return `${millis} || '${"0".repeat(digits - clockDigits)}'`;
}

function digitsOf(type: ColumnType): number {
  if (type.kind === "core") return type.name === "datetime" ? (type.digits ?? 0) : 0;
  return nativeFamily(type) === "timestamp" ? timestampDigits(type) : 0;
}

/** A value in the form that is bound, as SQL text. */
function literal(value: unknown): string {
  return typeof value === "string" ? quoteLiteral(value) : String(value);
}

/** The default of a column as an SQL expression, `NULL` where it has none. */
export function defaultExpression(column: ColumnSpec): string {
  const value = column.default;
  if (value === undefined || value.kind === "null") return "NULL";
  const problem = defaultProblem(column.type, value);
  if (problem !== undefined) {
    throw new DefinitionError("invalid-default", `${column.name}: ${problem.message}`, { hint: problem.hint });
  }
  if (value.kind === "literal") return literal(writer(column.type)(literalDefault(column.type, value.text)));
  if (currentTimestampDigits(value.text) !== undefined) return `(${currentTimestamp(digitsOf(column.type))})`;
  return `(${value.text})`;
}
