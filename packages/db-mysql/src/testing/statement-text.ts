import type { Statement } from "@mortise/sql";
import { type StatementText, statementCompiler } from "@mortise/sql/driver";
import { MysqlQueryCompiler } from "kysely";

/** What the driver would send for a statement. */
export const compiled: (statement: Statement) => StatementText = statementCompiler(new MysqlQueryCompiler());

/** The text alone. */
export function textOf(statement: Statement | undefined): string {
  return statement === undefined ? "" : compiled(statement).text;
}
