import { DefinitionError } from "@mortise/core";
import { type ColumnSpec, currentTimestampDigits, defaultProblem, literalDefault } from "@mortise/sql";
import { fitsCatalog, quoteText } from "./quote-text.ts";
import { writer } from "./values.ts";

/** ` DEFAULT …` of a column; empty where it has none. Throws `DefinitionError` for a value that the type refuses. */
export function defaultClause(column: ColumnSpec): string {
  const value = column.default;
  if (value === undefined) return "";
  if (value.kind === "null") return " DEFAULT NULL";
  const problem = defaultProblem(column.type, value);
  if (problem !== undefined) throw refuse(column, problem.message, problem.hint);
  if (value.kind === "literal") return ` DEFAULT ${literal(column, value.text)}`;
  return ` DEFAULT ${currentTimestampDigits(value.text) === undefined ? `(${value.text})` : value.text}`;
}

function literal(column: ColumnSpec, text: string): string {
  const value = writer(column.type)(literalDefault(column.type, text));
  // An expression, because the catalogs cut the literals of binary columns at their first zero byte.
  if (value instanceof Uint8Array) return `(unhex('${Buffer.from(value).toString("hex")}'))`;
  const written = String(value);
  if (fitsCatalog(written)) return quoteText(written);
  const hint = "characters beyond U+FFFF, such as emoji, can stand in rows but not in defaults";
  throw refuse(column, `MySQL's catalog does not keep the default ${JSON.stringify(text)}`, hint);
}

function refuse(column: ColumnSpec, message: string, hint: string | undefined): DefinitionError {
  return new DefinitionError("invalid-default", `${column.name}: ${message}`, { hint });
}
