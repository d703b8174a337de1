import type { ExecuteOptions, Statement, StatementResult } from "@mortise/sql";
import { refuseTransactionControl, statementCompiler } from "@mortise/sql/driver";
import type { SqliteConnection, SqlText } from "./connection/connection.ts";
import { bindValues } from "./connection/parameters.ts";
import { InsertStatement } from "./dialect/insert-statement.ts";
import { SqliteCompiler } from "./kysely/compiler.ts";

const print = statementCompiler(new SqliteCompiler());

/** The text and values of a fragment. */
export function compile(statement: Statement): SqlText {
  const { text, values } = print(statement);
  refuseTransactionControl(text);
  return { text, values: bindValues(values) };
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
