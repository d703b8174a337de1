import { isMortiseError } from "@mortise/core";

/** How every aborted call ends: with the reason of its signal, whatever a store or timer has made of that. */
export function abortReason(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted !== true) return error;
  const ended = isMortiseError(error, "aborted") || (error instanceof Error && error.name === "AbortError");
  return ended ? (signal.reason as unknown) : error;
}

/** The same as the handler of a promise's rejection. */
export function rejectAborted(signal: AbortSignal | undefined): (error: unknown) => never {
  return (error) => {
    throw abortReason(error, signal);
  };
}

/** A controller that aborts with the caller's signal, and on its own when a read fails. */
export interface LinkedAbort extends Disposable {
  readonly control: AbortController;
}

/** Disposing forgets the caller's signal, which may outlive many reads. */
export function linkAbort(signal: AbortSignal | undefined): LinkedAbort {
  const control = new AbortController();
  const abort = (): void => control.abort(signal?.reason);
  if (signal?.aborted === true) abort();
  else signal?.addEventListener("abort", abort, { once: true });
  return { control, [Symbol.dispose]: () => signal?.removeEventListener("abort", abort) };
}
