import { setTimeout as sleep } from "node:timers/promises";
import { isMortiseError, type Logger, TransactionError } from "@mortise/core";
import type { Database, Session } from "../database.ts";

/** Whose COMMIT is asked for, and how patiently. */
export interface OutcomeQuestion {
  /** Who registered intents that the transaction has deleted just before its COMMIT; without one nobody can tell. */
  readonly owner: { readonly schema: string; readonly writer: Uint8Array } | undefined;
  /** The session whose COMMIT had no answer; ended on the server where it still holds its locks after a while. */
  readonly session?: Pick<Session, "terminate"> | undefined;
  readonly logger: Logger;
  /** How long to ask, in milliseconds; default a minute, which a server needs to start again. */
  readonly patienceMs?: number | undefined;
}

const defaultPatienceMs = 60_000;
/** A COMMIT that has arrived is done within moments. */
const graceMs = 2_000;
const longestPauseMs = 1_000;

/**
 * Decides an unknown COMMIT (write protocol, rule 7): the transaction has deleted its intents, so a locking read that
 * finds none says committed, and one that finds any says that it never will be. While the lost session still holds its
 * locks there is no answer; it is given a moment, and then ended. Returns where the COMMIT took place.
 *
 * @throws TransactionError `rolled-back` where it never will; `error` itself where nobody could be asked all that time
 */
export async function decideCommit(database: Database, error: unknown, question: OutcomeQuestion): Promise<void> {
  const took = await commitTookPlace(database, question);
  if (took === true) return;
  if (took === undefined) throw error;
  throw new TransactionError("rolled-back", "the connection was lost at COMMIT, and nothing was committed", {
    cause: error,
    retryable: true,
    hint: "run the whole transaction again",
  });
}

async function commitTookPlace(database: Database, question: OutcomeQuestion): Promise<boolean | undefined> {
  const { logger, owner, session, patienceMs = defaultPatienceMs } = question;
  if (owner === undefined) return undefined;
  const began = performance.now();
  let terminated = false;
  for (let pause = 10; ; pause = Math.min(pause * 2, longestPauseMs)) {
    try {
      await using asking = await database.begin({ pool: "ledger" });
      return !(await database.ledger.intentRemains(asking, owner.schema, owner.writer));
    } catch (error) {
      const waited = performance.now() - began;
      if (!isPassing(error) || waited > patienceMs) {
        logger.warn("objects.outcome-unknown", { schema: owner.schema, error });
        return undefined;
      }
      const grace = Math.min(graceMs, patienceMs / 2);
      if (!terminated && isMortiseError(error, "busy") && waited > grace && session?.terminate !== undefined) {
        terminated = await succeeds(session.terminate(), logger);
      }
    }
    await sleep(pause);
  }
}

/** The lost session holds its locks, or the server starts again. */
function isPassing(error: unknown): boolean {
  return ["busy", "connection-lost", "conflict"].some((code) => isMortiseError(error, code));
}

async function succeeds(work: Promise<void>, logger: Logger): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    logger.warn("objects.terminate-failed", { error });
    return false;
  }
}
