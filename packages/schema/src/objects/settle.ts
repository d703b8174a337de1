import { TransactionError } from "@mortise/core";
import type { LedgerDialect, Session } from "@mortise/sql";
import type { WriteUnit } from "./unit.ts";

/** W3 as a value, so that a torture test can run a build that skips the count and see the check fail. */
export type Settle = (session: Session, ledger: LedgerDialect, unit: WriteUnit) => Promise<void>;

/**
 * W3: the last statements before COMMIT. The count decides, not the time: however long this process slept, intents that
 * a collector has broken are missing from it, and then nothing may be committed that relies on their paths.
 */
export const settleIntents: Settle = async (session, ledger, unit) => {
  const hashes = hashesOf(unit);
  if (hashes.length === 0) return;
  const removed = await ledger.settle(session, unit.schema, unit.writer, hashes);
  if (removed !== hashes.length) {
    throw new TransactionError(
      "intents-lost",
      `${hashes.length - removed} of ${hashes.length} objects of this write to schema "${unit.schema}" lost their protection before COMMIT`,
      { retryable: true, hint: "nothing was committed; run the whole transaction again" },
    );
  }
  const healed = [...unit.healed].flatMap((key) => unit.intents.get(key)?.pathHash ?? []);
  if (healed.length > 0) await ledger.clearSuspect(session, unit.schema, healed);
};

/**
 * W3 where the write lock is the intent: judgements on the transaction's paths fall with its COMMIT. One that asked for
 * an upload stays where the upload failed and the failure was caught: the next writer must not trust that object.
 */
export const settleUnderLock: Settle = async (session, ledger, unit) => {
  const trusted = [...unit.intents].filter(([key]) => !unit.certain.has(key) || unit.healed.has(key));
  if (trusted.length === 0) return;
  const hashes = trusted.map(([, intent]) => intent.pathHash);
  await ledger.clearJudged(session, unit.schema, hashes);
};

function hashesOf(unit: WriteUnit): readonly Uint8Array[] {
  return [...unit.intents.values()].map((intent) => intent.pathHash);
}
