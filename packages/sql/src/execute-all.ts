import type { Executor, Statement, StatementResult } from "./database.ts";

/** Runs statements one after the other and returns how many rows they changed together. */
export async function executeAll(executor: Executor, statements: Iterable<Statement>): Promise<number> {
  let affected = 0;
  for (const statement of statements) {
    const result: StatementResult = await executor.execute(statement);
    affected += result.affected;
  }
  return affected;
}
