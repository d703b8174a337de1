import type { DeleteManyOptions, DeleteSummary, MinimalStore, ObjectKey, ObjectStore, StoreError } from "@mortise/core";
import { isStoreError } from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import { abortedError, asStoreError } from "../errors.ts";
import { announceClock } from "../lifecycle/clock.ts";
import type { Guard } from "../lifecycle/guard.ts";
import { forEachParallel } from "../limits/parallel.ts";

const concurrency = 16;

/**
 * Deletes while it reads the keys, so that a listing of any length can be its source. A key that can't be deleted is
 * reported and the others go on; only an abort, or a failing source of keys, ends it.
 */
export async function deleteMany(
  site: OperationSite,
  remove: ObjectStore["delete"],
  keys: Iterable<ObjectKey> | AsyncIterable<ObjectKey>,
  options: DeleteManyOptions,
): Promise<DeleteSummary> {
  const { onOutcome, ...each } = options;
  const failed: { readonly key: ObjectKey; readonly error: StoreError }[] = [];
  let deleted = 0;
  let absent = 0;
  const checkSignal = (): void => {
    if (options.signal?.aborted === true) throw abortedError(site, options.signal.reason);
  };
  await forEachParallel(keys, concurrency, async (key) => {
    checkSignal();
    try {
      const outcome = await remove(key, each);
      if (outcome === "deleted") deleted++;
      else absent++;
      onOutcome?.(key, outcome);
    } catch (cause) {
      const error = asStoreError(site, cause);
      checkSignal();
      if (!isStoreError(error)) throw error;
      failed.push({ key, error });
      onOutcome?.(key, error);
    }
  });
  return { deleted, absent, failed };
}

type Native = NonNullable<MinimalStore["deleteMany"]>;

/** The backend's own `deleteMany`, with keys that are none reported like others that can't be deleted. */
export async function deleteNatively(
  native: Native,
  site: OperationSite,
  keys: Iterable<ObjectKey> | AsyncIterable<ObjectKey>,
  options: DeleteManyOptions,
  guard: Guard,
  check: (key: ObjectKey) => void,
): Promise<DeleteSummary> {
  const { onOutcome } = options;
  const failed: { readonly key: ObjectKey; readonly error: StoreError }[] = [];
  async function* valid(): AsyncGenerator<ObjectKey> {
    for await (const key of pulled(keys, guard)) {
      // A batch may take long to fill from a slow source.
      guard.touch();
      try {
        check(key);
      } catch (cause) {
        const error = asStoreError(site, cause);
        if (!isStoreError(error)) throw error;
        failed.push({ key, error });
        onOutcome?.(key, error);
        continue;
      }
      yield key;
    }
  }
  const told = (key: ObjectKey, outcome: Parameters<NonNullable<typeof onOutcome>>[1]): void => {
    // Each answer is progress: a long list of keys has no time limit as a whole.
    guard.touch();
    onOutcome?.(key, outcome);
  };
  announceClock(guard.signal, guard);
  const summary = await native(valid(), { signal: guard.signal, onOutcome: told });
  return { ...summary, failed: [...failed, ...summary.failed] };
}

/** The keys, waited for not beyond an abort: a source that hangs must not hold the answer back. */
async function* pulled(keys: Iterable<ObjectKey> | AsyncIterable<ObjectKey>, guard: Guard): AsyncGenerator<ObjectKey> {
  if (!(Symbol.asyncIterator in keys)) {
    yield* keys;
    return;
  }
  const iterator = keys[Symbol.asyncIterator]();
  let finished = false;
  try {
    for (;;) {
      const next = await guard.race(iterator.next());
      if (next.done === true) break;
      yield next.value;
    }
    finished = true;
  } finally {
    if (!finished) void iterator.return?.().then(undefined, () => undefined);
  }
}
