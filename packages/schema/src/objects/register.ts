import { setTimeout as sleep } from "node:timers/promises";
import { TransactionError } from "@mortise/core";
import { type Executor, hashKey, type Intent, type LedgerRow, newToken } from "@mortise/sql";
import { flushedPool, inLedger, type ProtocolEnvironment } from "./environment.ts";
import type { WriteUnit } from "./unit.ts";

/** Paths per statement of W1. */
const pathsPerStatement = 1000;

/**
 * W1: the intents first, committed, and only then the look into the ledger. In the other order a collector could judge
 * a path between the two and neither side would see the other.
 */
export async function registerIntents(
  environment: ProtocolEnvironment,
  unit: WriteUnit,
  intents: readonly Intent[],
  signal?: AbortSignal,
): Promise<void> {
  const { leaseMs } = environment.times;
  for (const chunk of chunksOf(freshIntents(unit, intents))) {
    await inLedger(
      environment,
      "ledger",
      (session, ledger) => ledger.registerIntents(session, unit.schema, unit.writer, chunk, leaseMs),
      { signal },
    );
    for (const intent of chunk) unit.intents.set(hashKey(intent.pathHash), intent);
    const hashes = chunk.map((intent) => intent.pathHash);
    const rows = await inLedger(
      environment,
      "ledger",
      (session, ledger) => ledger.readLedger(session, unit.schema, hashes),
      { signal, readOnly: true },
    );
    for (const row of rows) await decide(environment, unit, row.pathHash, signal);
  }
}

/** How long a move may be waited for, in F: it is stale after 1.5 F, so that longer means a clock that was set back. */
const longestWait = 3;

/**
 * The same inside a user's transaction on a database whose write lock is the intent (write protocol, rule 5): no intents
 * and no second connection; judgements are cleared just before COMMIT, because a savepoint could undo it earlier.
 */
export async function consultLedger(
  environment: ProtocolEnvironment,
  executor: Executor,
  unit: WriteUnit,
  intents: readonly Intent[],
): Promise<void> {
  for (const chunk of chunksOf(freshIntents(unit, intents))) {
    const hashes = chunk.map((intent) => intent.pathHash);
    const rows = await environment.database.ledger.readLedger(executor, unit.schema, hashes);
    for (const row of rows) {
      if (row.state === "moving" && !isStale(environment, row)) throw beingCollected(unit, row, chunk);
      if (row.state !== "condemned" || row.mustUpload) unit.certain.add(hashKey(row.pathHash));
    }
    for (const intent of chunk) unit.intents.set(hashKey(intent.pathHash), intent);
  }
}

/** W1c: one path per transaction, decided on the row as it is under its lock. */
async function decide(
  environment: ProtocolEnvironment,
  unit: WriteUnit,
  hash: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<void> {
  // Not the database's clock: where that was set back, the age of a move stays below any limit.
  const began = performance.now();
  for (let round = 0; ; round += 1) {
    const decision = await inLedger(
      environment,
      flushedPool(environment),
      async (session, ledger) => {
        const row = await ledger.lockLedgerRow(session, unit.schema, hash);
        if (row === undefined) return "go-on";
        if (row.state === "condemned") {
          await ledger.withdraw(session, unit.schema, hash);
          return row.mustUpload ? "upload" : "go-on";
        }
        if (row.state !== "moving") return "upload";
        if (!isStale(environment, row)) return "wait";
        await ledger.takeOver(session, unit.schema, hash, newToken());
        return "upload";
      },
      { signal },
    );
    if (decision === "upload") unit.certain.add(hashKey(hash));
    if (decision !== "wait") return;
    const waited = performance.now() - began;
    if (waited > longestWait * environment.times.fenceMs) throw neverMoved(unit, hash, waited);
    const pause = environment.times.backoffMs * 2 ** Math.min(round, 5);
    await sleep(pause, undefined, signal === undefined ? {} : { signal });
  }
}

/** A delete that was signed before the move can't be executed any more. */
function isStale(environment: ProtocolEnvironment, row: LedgerRow): boolean {
  return row.ageMs >= 1.5 * environment.times.fenceMs;
}

function beingCollected(unit: WriteUnit, row: LedgerRow, intents: readonly Intent[]): TransactionError {
  const path = intents.find((intent) => hashKey(intent.pathHash) === hashKey(row.pathHash))?.path;
  return new TransactionError(
    "conflict",
    `a collector is removing ${path}, which this transaction of schema "${unit.schema}" would rely on, since ${row.ageMs} ms`,
    { retryable: true, hint: "run the whole transaction again in a minute or two" },
  );
}

function neverMoved(unit: WriteUnit, hash: Uint8Array, waited: number): TransactionError {
  const intent = unit.intents.get(hashKey(hash));
  return new TransactionError(
    "conflict",
    `${intent?.path} in store "${intent?.store}" is still being moved by a collector after ${Math.round(waited)} ms of waiting`,
    {
      retryable: true,
      hint: `insert again later; if it persists, compare the database server's clock with "since" in ~mortise_ledger of schema "${unit.schema}"`,
    },
  );
}

function freshIntents(unit: WriteUnit, intents: readonly Intent[]): readonly Intent[] {
  const fresh = new Map<string, Intent>();
  for (const intent of intents) {
    const key = hashKey(intent.pathHash);
    if (!unit.intents.has(key)) fresh.set(key, intent);
  }
  return [...fresh.values()];
}

function chunksOf(intents: readonly Intent[]): readonly (readonly Intent[])[] {
  const chunks: (readonly Intent[])[] = [];
  for (let start = 0; start < intents.length; start += pathsPerStatement) {
    chunks.push(intents.slice(start, start + pathsPerStatement));
  }
  return chunks;
}
