import type { OperationSite } from "../errors.ts";
import { abortedError, asStoreError } from "../errors.ts";
import { forEachParallel } from "../limits/parallel.ts";

/** Several parts of one upload under way: the first that fails ends the others, and so does the caller's signal. */
export interface UnderWay {
  /** Reaches every part; its reason is the error that the upload ends with. */
  readonly signal: AbortSignal;
  /**
   * Works on all parts, at most `limit` at once. Rejects with the first failure, and in every case only when no part is
   * being worked on any more: an upload that is aborted under its parts is billed for those that come later.
   */
  run<T>(parts: Iterable<T> | AsyncIterable<T>, limit: number, work: (part: T) => Promise<void>): Promise<void>;
  /** Stops listening to the caller's signal. */
  end(): void;
}

/** The parts of one upload, which end with the caller's signal. */
export function partsUnderWay(site: OperationSite, callerSignal: AbortSignal | undefined): UnderWay {
  const controller = new AbortController();
  const fail = (error: unknown): void => controller.abort(asStoreError(site, error));
  const onAbort = (): void => fail(abortedOf(site, callerSignal));
  if (callerSignal?.aborted === true) onAbort();
  else callerSignal?.addEventListener("abort", onAbort, { once: true });
  return {
    signal: controller.signal,
    async run(parts, limit, work) {
      // A part that fails does so through the signal only: `parts` may be waiting for a source that says nothing.
      await forEachParallel(parts, limit, async (part) => {
        try {
          await work(part);
        } catch (error) {
          fail(error);
        }
      });
      controller.signal.throwIfAborted();
    },
    end: () => callerSignal?.removeEventListener("abort", onAbort),
  };
}

/** `completeStore` aborts with the very error to reject with; other callers with anything. */
function abortedOf(site: OperationSite, signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  const worded = asStoreError(site, reason);
  return worded === reason ? worded : abortedError(site, reason);
}
