import type { CompiledQuery, QueryCompiler } from "kysely";
import { sql } from "kysely";
import type { Statement } from "../database.ts";

/** A statement as it is sent: text with the database's own placeholders, and what they stand for. */
export interface StatementText {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Statements whose text is known already. */
const ready = new WeakMap<object, StatementText>();

/**
 * A statement of known text, which no compiler has to print: thousands of rows would take longer to print than to insert.
 * It is run as a whole; as a part of another fragment it would have no values. `more` is for the driver that runs it.
 */
export function readyStatement(text: string, values: readonly unknown[], more: object = {}): Statement {
  const statement = sql.raw(text);
  ready.set(statement, { ...more, text, values });
  return statement;
}

/** A query of Kysely's as a statement, so that it takes the same way as everything else. */
export function compiledStatement(query: CompiledQuery): Statement {
  return readyStatement(query.sql, query.parameters);
}

/** What prints fragments for one database. Statements that are ready pass as they are. */
export function statementCompiler(compiler: QueryCompiler): (statement: Statement) => StatementText {
  const queryId = { queryId: "mortise" };
  return (statement) => {
    const known = ready.get(statement);
    if (known !== undefined) return known;
    const query = compiler.compileQuery(statement.toOperationNode(), queryId);
    return { text: query.sql, values: query.parameters };
  };
}
