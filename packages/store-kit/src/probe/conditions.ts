import type { ObjectKey, PutMode } from "@mortise/core";
import type { ProbeContext } from "./context.ts";
import { holds, outcomeOf } from "./context.ts";

/** One conditional write that must be refused: the object `key` holds what was written with `old`. */
export interface ConditionTest {
  /** Of the finding, for example `create-put`. */
  readonly id: string;
  readonly key: ObjectKey;
  readonly old: string;
  /** Which write, for people. */
  readonly operation: string;
  readonly mode: PutMode;
  attempt(mode: PutMode): Promise<unknown>;
}

/** Whether the write was refused and the old object is still there; a lie is noted. */
export async function isRefused(context: ProbeContext, test: ConditionTest): Promise<boolean> {
  const { id, key, old, operation, mode } = test;
  const expected = mode === "create" ? "already-exists" : "precondition-failed";
  const outcome = await outcomeOf(test.attempt(mode));
  const kept = await holds(context, key, old);
  if (outcome === expected && kept) return true;
  const condition = mode === "create" ? '"create" over an object that exists' : "a validator that is not the object's";
  const seen = kept ? "the old object was there afterwards" : "the old object was gone afterwards";
  context.findings.push({
    id,
    lie: liesAbout(outcome, kept, condition),
    evidence: `${operation} with ${condition}: ${outcome === "accepted" ? "success" : `refused as ${outcome}`}; ${seen}`,
    hint: "Mortise will not use this condition here; two writers at once are then not told apart",
  });
  return false;
}

function liesAbout(outcome: string, kept: boolean, condition: string): string {
  if (outcome !== "accepted") return kept ? `knows no ${condition}` : `refuses ${condition}, and writes all the same`;
  return kept ? `says it has written under ${condition}, and has not` : `ignores ${condition}`;
}

/** Whether a write whose condition holds succeeds; a refusal is noted. */
export async function isAccepted(
  context: ProbeContext,
  id: string,
  operation: string,
  work: Promise<unknown>,
): Promise<boolean> {
  const outcome = await outcomeOf(work);
  if (outcome === "accepted") return true;
  context.findings.push({
    id,
    lie: "refuses a condition that holds",
    evidence: `${operation}: refused as ${outcome}`,
  });
  return false;
}
