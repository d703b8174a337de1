import { isStoreError } from "@mortise/core";
import type { ProbeContext } from "./context.ts";
import { holds, outcomeOf, write } from "./context.ts";
import { isDecidedDelete } from "./races.ts";

const hint = "deletions with a condition are refused here before anything is sent";

/** Tries deletions, last of all: whether a stale validator protects an object, and whether a deleted one is gone. */
export async function probeRemoval(context: ProbeContext): Promise<boolean> {
  const { store, call } = context;
  const conditional = store.capabilities.conditionalDelete && (await probeCondition(context));
  const key = context.key("delete");
  await write(context, key, "delete");
  await store.delete(key, call);
  if (await isGone(context, key)) return conditional;
  context.findings.push({
    id: "delete-seen",
    lie: "says it has deleted an object that is still there",
    evidence: "delete was answered with success, and head found the object afterwards",
    fatal: true,
  });
  return conditional;
}

async function probeCondition(context: ProbeContext): Promise<boolean> {
  const { store, call } = context;
  const key = context.key("delete-match");
  const { etag: stale } = await write(context, key, "delete 1");
  const { etag: current } = await write(context, key, "delete 2");
  if (stale === undefined || current === undefined || stale === current) return false;
  const outcome = await outcomeOf(store.delete(key, { ...call, ifMatch: stale }));
  const kept = await holds(context, key, "delete 2");
  if (outcome !== "precondition-failed" || !kept) {
    context.findings.push({
      id: "if-match-delete",
      lie: kept ? "does not know the condition of a deletion" : "deletes an object in spite of a wrong validator",
      evidence: `delete with the validator of an overwritten object: ${outcome}; afterwards the object was ${kept ? "there" : "gone"}`,
      hint,
    });
    return false;
  }
  const matched = await outcomeOf(store.delete(key, { ...call, ifMatch: current }));
  if (matched === "accepted" && (await isGone(context, key))) return await probeRace(context);
  context.findings.push({
    id: "if-match-delete-refused",
    lie: "does not delete an object whose validator is right",
    evidence: `delete with the current validator: ${matched}`,
  });
  return false;
}

/** A server that compares first and deletes then also deletes what was written in between. */
async function probeRace(context: ProbeContext): Promise<boolean> {
  const race = {
    id: "if-match-delete-race",
    key: context.key("delete-race"),
    operations: "deletions",
    condition: "the validator of one object",
    hint,
  };
  const { etag = "" } = await write(context, race.key, "delete 3");
  return await isDecidedDelete(context, race, etag);
}

async function isGone({ store, call }: ProbeContext, key: ReturnType<ProbeContext["key"]>): Promise<boolean> {
  try {
    await store.head(key, call);
    return false;
  } catch (error) {
    if (isStoreError(error, "not-found")) return true;
    throw error;
  }
}
