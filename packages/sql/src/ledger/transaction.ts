import { setTimeout as sleep } from "node:timers/promises";
import { isMortiseError, QueryError, type TransactionError } from "@mortise/core";
import type { BeginOptions, Database, Session } from "../database.ts";
import type { LedgerDialect } from "./contract.ts";

/** How often a step of the ledger's own is tried when it meets others. */
const attempts = 5;

/** The database has rolled a transaction back for another one's sake: the same may succeed when it is run again. */
export function isConflict(error: unknown): boolean {
  return isMortiseError(error) && error.name === "TransactionError" && (error as TransactionError).retryable;
}

/**
 * Runs `work` in a transaction of the ledger's own and commits it; again after a deadlock. Where COMMIT has no answer the
 * caller's rows are not concerned, so that it fails with `connection-lost`.
 */
export async function ledgerTransaction<T>(
  database: Database,
  options: BeginOptions,
  work: (session: Session, ledger: LedgerDialect) => Promise<T>,
): Promise<T> {
  for (let round = 1; ; round += 1) {
    try {
      await using session = await database.begin(options);
      const result = await work(session, database.ledger);
      await session.commit();
      return result;
    } catch (error) {
      if (isMortiseError(error, "commit-unknown"))
        throw new QueryError("connection-lost", error.message, { cause: error });
      if (round >= attempts || !isConflict(error)) throw error;
      await sleep(Math.random() * 20 * round);
    }
  }
}
