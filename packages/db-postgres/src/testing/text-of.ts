import type { Statement } from "@mortise/sql";
import { statementCompiler } from "@mortise/sql/driver";
import { PostgresQueryCompiler } from "kysely";
import type { PostgresText } from "../connection/statement-text.ts";

const compile = statementCompiler(new PostgresQueryCompiler());

/** A statement as the driver gets it. */
export function compiled(statement: Statement | undefined): PostgresText {
  if (statement === undefined) throw new Error("there is no statement");
  return compile(statement);
}

/** The texts of statements without bound values. */
export function textsOf(statements: readonly Statement[]): readonly string[] {
  return statements.map((statement) => {
    const { text, values } = compile(statement);
    if (values.length > 0) throw new Error(`${text} binds values`);
    return text;
  });
}
