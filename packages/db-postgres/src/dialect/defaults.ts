import { DefinitionError } from "@mortise/core";
import { type ColumnSpec, defaultProblem, literalDefault } from "@mortise/sql";
import { literal } from "./literal.ts";
import { writer } from "./values.ts";

/** The `DEFAULT` clause of a column, empty where it has none. Literals are text, which PostgreSQL reads by the type. */
export function defaultClause(column: ColumnSpec): string {
  const value = column.default;
  if (value === undefined) return "";
  if (value.kind === "null") return " DEFAULT NULL";
  const problem = defaultProblem(column.type, value);
  if (problem !== undefined) {
    throw new DefinitionError("invalid-default", `${column.name}: ${problem.message}`, { hint: problem.hint });
  }
  if (value.kind === "sql") return ` DEFAULT ${value.text}`;
  return ` DEFAULT ${literal(String(writer(column.type)(literalDefault(column.type, value.text))))}`;
}
