import { setTimeout as sleep } from "node:timers/promises";
import { isMortiseError } from "@mortise/core";
import { decideCommit, type Intent, isConflict, type Session } from "@mortise/sql";
import { abandonIntents, cleanUp } from "./cleanup.ts";
import type { ProtocolEnvironment } from "./environment.ts";
import { startHeartbeat } from "./heartbeat.ts";
import { consultLedger, registerIntents } from "./register.ts";
import { type Settle, settleUnderLock } from "./settle.ts";
import type { WriteUnit } from "./unit.ts";

/** How often a whole batch is run again before its error is the caller's. */
const attempts = 5;

/** The steps of the write protocol in the order they must have. */
export interface WriteEngine {
  readonly environment: ProtocolEnvironment;
  /** W1 for paths that the unit has not registered yet; with `session`, inside a user's transaction. */
  protect(unit: WriteUnit, intents: readonly Intent[], signal: AbortSignal, session?: Session): Promise<void>;
  /** W3: runs `rows` and settles in one transaction of the engine's own; `again` repeats W1 and W2 when intents were lost. */
  commit<T>(unit: WriteUnit, steps: CommitSteps<T>): Promise<T>;
  /** W3 at the end of a user's transaction, after everything of the user's. */
  settle(unit: WriteUnit, session: Session): Promise<void>;
  /** W4, after a failure. Does nothing where the outcome of COMMIT is unknown. */
  fail(unit: WriteUnit, options?: { readonly ids?: Iterable<string>; readonly inTransaction?: boolean }): Promise<void>;
  /**
   * After a COMMIT of `session` without an answer: returns where it took place, throws `rolled-back` where it never will.
   * Where nobody can tell it throws `error`, and nothing of the units may be deleted.
   */
  decide(units: Iterable<WriteUnit>, session: Session, error: unknown): Promise<void>;
}

/** What a commit of the engine's own runs, once or after each loss of the intents. */
export interface CommitSteps<T> {
  rows(session: Session): Promise<T>;
  again(): Promise<void>;
  readonly signal: AbortSignal;
}

/** The write protocol on a database: `settleIntents` is its last step before each COMMIT. */
export function createWriteEngine(environment: ProtocolEnvironment, settleIntents: Settle): WriteEngine {
  const { database } = environment;
  const { ledger } = database;
  /** Where the lock is the intent, a user's transaction registers nothing and clears judgements instead. */
  const underLock = (inTransaction: boolean): boolean => inTransaction && ledger.lockIsIntent;

  async function attempt<T>(unit: WriteUnit, steps: CommitSteps<T>): Promise<T> {
    await unit.heartbeat?.stop();
    unit.heartbeat = undefined;
    await using session = await database.begin({ signal: steps.signal });
    const result = await steps.rows(session);
    if (unit.intents.size > 0) await settleIntents(session, ledger, unit);
    try {
      await session.commit();
    } catch (error) {
      if (!isMortiseError(error, "commit-unknown")) throw error;
      await engine.decide([unit], session, error);
    }
    return result;
  }

  const engine: WriteEngine = {
    environment,
    async protect(unit, intents, signal, session) {
      if (intents.length === 0) return;
      if (session !== undefined && underLock(true)) {
        await consultLedger(environment, session, unit, intents);
        return;
      }
      await registerIntents(environment, unit, intents, signal);
      unit.heartbeat ??= startHeartbeat(environment, unit);
    },
    async commit(unit, steps) {
      for (let round = 1; ; round += 1) {
        try {
          return await attempt(unit, steps);
        } catch (error) {
          unit.ambiguous ||= isMortiseError(error, "commit-unknown");
          if (round >= attempts || unit.ambiguous || !isRetryable(error)) throw error;
          environment.logger.warn("objects.batch-again", { schema: unit.schema, round, error });
          await sleep(Math.random() * 20 * round);
          const earlier = unit.restart();
          await steps.again();
          // What is protected again needs the intents of the attempt that came to nothing no more.
          await abandonIntents(environment, earlier, unit.intents.keys());
        }
      }
    },
    async settle(unit, session) {
      await unit.heartbeat?.stop();
      unit.heartbeat = undefined;
      if (unit.intents.size > 0) await (underLock(true) ? settleUnderLock : settleIntents)(session, ledger, unit);
    },
    async fail(unit, options = {}) {
      const whole = options.ids === undefined;
      if (whole) {
        await unit.heartbeat?.stop();
        unit.heartbeat = undefined;
      }
      if (unit.ambiguous) return;
      await cleanUp(environment, unit, options.ids, { intents: whole && !underLock(options.inTransaction === true) });
    },
    async decide(units, session, error) {
      const all = [...units];
      // One transaction: the intents of any of its units speak for all of them.
      const owner = all.find(({ intents }) => intents.size > 0);
      try {
        await decideCommit(database, error, { ...environment, owner, session });
      } catch (judged) {
        if (judged === error) for (const unit of all) unit.ambiguous = true;
        throw judged;
      }
    },
  };
  return engine;
}

/** The whole batch may succeed under a new writer id: nothing of it was committed. */
function isRetryable(error: unknown): boolean {
  return isConflict(error) || isMortiseError(error, "connection-lost");
}
