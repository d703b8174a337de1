import type { ObjectKey, PutMode } from "@mortise/core";
import { isStoreError } from "@mortise/core";
import type { ProbeContext } from "./context.ts";
import { holds, write } from "./context.ts";

/** Requests at once. A server that compares first and acts then lets nearly all of them succeed. */
const racers = 8;

/** Several requests under one condition that only one of them can meet. */
export interface Race {
  /** Of the finding, for example `create-put-race`. */
  readonly id: string;
  readonly key: ObjectKey;
  /** Which requests, for people. */
  readonly operations: string;
  readonly condition: string;
  readonly hint: string;
}

/** Whether of writes at once under `mode` no two succeed, and what is there is the winner's; a lie is noted. */
export async function isDecidedWrite(context: ProbeContext, race: Race, mode: PutMode): Promise<boolean> {
  const labels = Array.from({ length: racers }, (_, index) => `${race.id} ${index}`);
  const winners = await winnersOf(
    labels.map(async (label) => {
      await write(context, race.key, label, mode);
      return true;
    }),
  );
  const [winner] = winners;
  const kept = winner === undefined || (await holds(context, race.key, labels[winner] ?? ""));
  return isDecided(context, race, winners.length, kept);
}

/** Whether of deletions at once with one validator no two delete; a lie is noted. */
export async function isDecidedDelete(context: ProbeContext, race: Race, ifMatch: string): Promise<boolean> {
  const { store, call } = context;
  const attempts = Array.from({ length: racers }, async () => {
    return (await store.delete(race.key, { ...call, ifMatch })) === "deleted";
  });
  return isDecided(context, race, (await winnersOf(attempts)).length, true);
}

function isDecided({ findings }: ProbeContext, race: Race, winners: number, kept: boolean): boolean {
  const { id, operations, condition, hint } = race;
  if (winners <= 1 && kept) return true;
  const lie =
    winners > 1
      ? `lets several ${operations} succeed at once with ${condition}`
      : `says it carried out one of several ${operations} with ${condition}, and carried out another`;
  const seen = kept ? "" : "; what was there afterwards was not the first winner's";
  findings.push({
    id,
    lie,
    evidence: `of ${racers} ${operations} at once with ${condition} ${winners} succeeded${seen}`,
    hint,
  });
  return false;
}

/**
 * Which of them succeeded, by index. Failures of the server beside a winner are no winners; without one they are thrown,
 * as nothing was learned.
 */
async function winnersOf(attempts: readonly Promise<boolean>[]): Promise<readonly number[]> {
  const outcomes = await Promise.allSettled(attempts);
  const winners = outcomes.flatMap((each, index) => (each.status === "fulfilled" && each.value ? [index] : []));
  if (winners.length > 0) return winners;
  for (const each of outcomes) {
    if (each.status === "rejected" && !isRefusal(each.reason)) throw each.reason;
  }
  return winners;
}

function isRefusal(error: unknown): boolean {
  return isStoreError(error) && !error.retryable && error.code !== "aborted";
}
