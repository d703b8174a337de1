import { QueryError } from "@mortise/core";
import type { ExecuteOptions, Statement, StatementResult } from "@mortise/sql";
import { type CompiledQuery, sql } from "kysely";
import type { SqliteConnection, SqlText } from "./connection/connection.ts";
import { bindValues } from "./connection/parameters.ts";
import { InsertStatement } from "./dialect/insert-statement.ts";
import { SqliteCompiler } from "./kysely/compiler.ts";
import { startOfStatement } from "./statement-text.ts";

const compiler = new SqliteCompiler();
const queryId = { queryId: "mortise" };

/** Statements that Kysely has compiled already. */
const compiled = new WeakMap<Statement, CompiledQuery>();

/** A query of Kysely's as a statement, so that it takes the same way as everything else. */
export function compiledStatement(query: CompiledQuery): Statement {
  const statement = sql.raw(query.sql);
  compiled.set(statement, query);
  return statement;
}

/** Sent as text, these would end a transaction behind the back of whoever keeps its state. */
const transactionControl = /(?:begin|commit|end|rollback(?!\s+(?:transaction\s+)?to\b))\b/iy;
/** Outside a transaction, a savepoint begins one. */
const savepointControl = /(?:savepoint|release|rollback)\b/iy;

function beginsWith(text: string, pattern: RegExp): boolean {
  pattern.lastIndex = startOfStatement(text);
  return pattern.test(text);
}

/** Throws `invalid-query` for a statement about savepoints, which would leave the shared connection in a transaction. */
export function refuseSavepoints(text: string): void {
  if (!beginsWith(text, savepointControl)) return;
  throw new QueryError("invalid-query", `there is no transaction for this statement: ${text.trim()}`, {
    hint: "use begin() of the database, and savepoint() of the session",
  });
}

/** The text and values of a fragment. */
export function compile(statement: Statement): SqlText {
  const query = compiled.get(statement) ?? compiler.compileQuery(statement.toOperationNode(), queryId);
  if (beginsWith(query.sql, transactionControl)) {
    throw new QueryError("invalid-query", `transactions are not begun or ended by a statement: ${query.sql.trim()}`, {
      hint: "use begin() of the database, and commit() or rollback() of the session",
    });
  }
  return { text: query.sql, values: bindValues(query.parameters) };
}

/** Runs any statement on a connection whose transaction, if any, is the caller's. */
export function runStatement(
  connection: SqliteConnection,
  statement: Statement,
  options: ExecuteOptions = {},
): Promise<StatementResult> {
  if (statement instanceof InsertStatement) return statement.run(connection, options.signal);
  return connection.execute(compile(statement), options);
}
