import { checkOptions, isMortiseError, TransactionError } from "@mortise/core";
import type { Database } from "@mortise/sql";
import type { WriteEngine } from "../objects/engine.ts";
import type { Relation, Transaction, TransactionOptions } from "../types/index.ts";
import type { CurrentTransaction, Frame } from "./current.ts";
import { workIn } from "./savepoint.ts";
import { TransactionScope } from "./scope.ts";

/** What a transaction needs of its project. */
export interface TransactionEnvironment {
  readonly current: CurrentTransaction;
  database(): Promise<Database>;
  engine(): Promise<WriteEngine>;
  /** The table or query bound to one frame, wherever it is used. */
  bind<T extends Relation>(relation: T, frame: Frame): T;
}

/**
 * Runs `work` in a transaction: commits when it returns, rolls back when it throws. What was written to stores goes
 * with the rows: settled before COMMIT, deleted after a certain rollback.
 */
export async function runTransaction<T>(
  environment: TransactionEnvironment,
  work: (transaction: Transaction) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  if (environment.current.get()?.scope.open === true) {
    throw new TransactionError("nested", "a transaction is open already, and transactions don't nest", {
      hint: "use transaction.savepoint(…) inside; the open transaction is intact",
    });
  }
  checkOptions("transaction", options, ["signal"]);
  options.signal?.throwIfAborted();
  const database = await environment.database();
  const engine = await environment.engine();
  await using session = await database.begin({ signal: options.signal });
  const scope = new TransactionScope(database, session, options.signal);
  try {
    const result = await workIn(environment, { scope, savepoint: undefined }, work);
    await scope.end();
    options.signal?.throwIfAborted();
    for (const unit of scope.units.values()) await engine.settle(unit, session);
    await commit(engine, scope);
    await runHooks(engine, scope);
    return result;
  } catch (error) {
    await scope.end().catch(() => undefined);
    if (session.state === "open") await session.rollback();
    // After a commit, or one whose outcome is unknown, the objects may be referred to.
    if (session.state !== "rolled-back" && !isMortiseError(error, "rolled-back")) throw error;
    for (const unit of scope.units.values()) await engine.fail(unit, { inTransaction: true });
    throw error;
  }
}

/** The transaction is committed: what fails here is reported, not thrown, or the caller would do everything again. */
async function runHooks(engine: WriteEngine, scope: TransactionScope): Promise<void> {
  for (const hook of scope.afterCommit) {
    try {
      await hook();
    } catch (error) {
      engine.environment.logger.warn("transaction.after-commit", { error });
    }
  }
}

/** An unknown outcome is decided by the intents where there are any (write protocol, rule 7). */
async function commit(engine: WriteEngine, scope: TransactionScope): Promise<void> {
  try {
    await scope.session.commit();
  } catch (error) {
    if (scope.session.state !== "unknown" || scope.database.ledger.lockIsIntent) throw error;
    await engine.decide(scope.units.values(), scope.session, error);
  }
}

/** Everything that `work` awaits sees the frame; what it leaves running finds the transaction ended. */
