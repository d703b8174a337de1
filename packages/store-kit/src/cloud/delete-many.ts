import type { DeleteManyOptions, DeleteSummary, ObjectKey, StoreError } from "@mortise/core";
import { isStoreError } from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import { asStoreError, retryFactsOf, storeError } from "../errors.ts";
import { forEachParallel } from "../limits/parallel.ts";
import { isAmbiguous } from "../retry/retrier.ts";
import type { CloudBackend } from "./backend.ts";
import type { CloudContext } from "./context.ts";
import { nameOf } from "./context.ts";

/** Batches under way at once. */
const concurrency = 4;

type Outcome = "deleted" | "absent" | StoreError;
type DeleteBatch = NonNullable<CloudBackend["deleteBatch"]>;

/** `deleteMany` in batches of the server's size. Each key has an answer of its own; one without is asked for by `head`. */
export async function deleteInBatches(
  context: CloudContext,
  deleteBatch: DeleteBatch,
  keys: Iterable<ObjectKey> | AsyncIterable<ObjectKey>,
  options: DeleteManyOptions,
): Promise<DeleteSummary> {
  const site = context.site("deleteMany");
  const { signal, onOutcome } = options;
  const failed: { readonly key: ObjectKey; readonly error: StoreError }[] = [];
  let deleted = 0;
  let absent = 0;
  const tell = (key: ObjectKey, outcome: Outcome): void => {
    if (outcome === "deleted") deleted++;
    else if (outcome === "absent") absent++;
    else failed.push({ key, error: outcome });
    onOutcome?.(key, outcome);
  };
  const size = Math.max(1, context.backend.capabilities.bulkDelete);
  await forEachParallel(batches(keys, size), concurrency, async (batch) => {
    signal?.throwIfAborted();
    const outcomes = await deleteOne(context, deleteBatch, site, batch, signal);
    // What failed because of the abort did not fail on its own.
    signal?.throwIfAborted();
    for (const [key, outcome] of outcomes) tell(key, outcome);
  });
  return { deleted, absent, failed };
}

/** Sets of different keys: a server may answer once, or not at all, for a key that a request names twice. */
async function* batches(
  keys: Iterable<ObjectKey> | AsyncIterable<ObjectKey>,
  size: number,
): AsyncGenerator<ReadonlySet<ObjectKey>> {
  let batch = new Set<ObjectKey>();
  for await (const key of keys) {
    batch.add(key);
    if (batch.size < size) continue;
    yield batch;
    batch = new Set();
  }
  if (batch.size > 0) yield batch;
}

async function deleteOne(
  context: CloudContext,
  deleteBatch: DeleteBatch,
  site: OperationSite,
  batch: ReadonlySet<ObjectKey>,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<ObjectKey, Outcome>> {
  const outcomes = new Map<ObjectKey, Outcome>();
  const left = new Set(batch);
  const unsure = new Set<ObjectKey>();
  try {
    await context.retrier.run(async (attempt) => {
      // The answer to a whole request was lost, so that any of its keys may be gone.
      if (attempt.ambiguous) for (const key of left) unsure.add(key);
      const asked = [...left];
      const answers = await deleteBatch(
        asked.map((key) => nameOf(context, key)),
        { site, signal },
      );
      let again: StoreError | undefined;
      for (const key of asked) {
        const answer = answers.get(nameOf(context, key)) ?? (await look(context, site, key, signal));
        const error = answer instanceof Error ? asStoreError({ ...site, key }, answer) : undefined;
        if (isStoreError(error) && error.retryable) {
          again = error;
          if (isAmbiguous(error)) unsure.add(key);
          outcomes.set(key, error);
          continue;
        }
        left.delete(key);
        outcomes.set(key, outcomeOf(answer, error, unsure.has(key)));
      }
      if (again !== undefined) throw partly(site, again);
    }, signal);
  } catch (error) {
    const why = asStoreError(site, error);
    if (!isStoreError(why)) throw why;
    for (const key of left) if (!outcomes.has(key)) outcomes.set(key, why);
  }
  return outcomes;
}

function outcomeOf(answer: unknown, error: Error | undefined, unsure: boolean): Outcome {
  if (error !== undefined) return error as StoreError;
  return answer === "absent" && !unsure ? "absent" : "deleted";
}

/** Repeats a batch for the keys that failed; the others of it are settled, so that nothing about them is unsure. */
function partly(site: OperationSite, error: StoreError): StoreError {
  return storeError(site, error.code, `some keys were not deleted: ${error.message}`, {
    retryable: true,
    notSent: true,
    retryAfterMs: retryFactsOf(error).retryAfterMs,
    cause: error,
  });
}

/** A missing answer is no success: what is still there was not deleted. */
async function look(
  context: CloudContext,
  site: OperationSite,
  key: ObjectKey,
  signal: AbortSignal | undefined,
): Promise<"deleted" | Error> {
  try {
    await context.backend.head(nameOf(context, key), { site, signal });
  } catch (error) {
    if (isStoreError(error, "not-found")) return "deleted";
    return asStoreError({ ...site, key }, error);
  }
  return storeError({ ...site, key }, "unavailable", "the server gave no answer for this key, and it is still there", {
    hint: "delete it again",
  });
}
