import type { ListOptions, ObjectStore } from "@mortise/core";
import { isStoreError } from "@mortise/core";
import { forEachParallel } from "../limits/parallel.ts";
import type { StaleUpload } from "./contract.ts";

const concurrency = 4;

/** Which uploads are stale. */
export interface StaleOptions extends Pick<ListOptions, "prefix" | "signal"> {
  /** Only uploads begun at least so many milliseconds ago: younger ones may be under way. */
  readonly olderThanMs: number;
}

/** Uploads that were begun long ago and neither completed nor aborted; nothing where the store has no `multipart`. */
export async function* staleUploads(
  store: Pick<ObjectStore, "multipart">,
  { prefix, signal, olderThanMs }: StaleOptions,
): AsyncGenerator<StaleUpload> {
  if (store.multipart === undefined) return;
  const latest = Date.now() - olderThanMs;
  for await (const upload of store.multipart.list({ prefix, signal })) {
    if (upload.startedAt.getTime() <= latest) yield upload;
  }
}

/**
 * Aborts stale uploads, whose parts are otherwise stored, and billed, for ever. Answers with how many there were. One that
 * can't be aborted does not keep the others from it; its error is thrown at the end.
 */
export async function abortUploads(store: Pick<ObjectStore, "multipart">, options: StaleOptions): Promise<number> {
  const { signal } = options;
  let count = 0;
  let failure: unknown;
  await forEachParallel(staleUploads(store, options), concurrency, async ({ key, id }) => {
    try {
      const upload = await store.multipart?.resume(key, id, { signal });
      await upload?.abort({ signal });
      count++;
    } catch (error) {
      // Completed or aborted since it was listed.
      if (!isStoreError(error, "not-found")) failure ??= error;
    }
  });
  if (failure !== undefined) throw failure;
  return count;
}
