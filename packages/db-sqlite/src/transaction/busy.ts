import { setTimeout } from "node:timers/promises";
import { QueryError } from "@mortise/core";
import type { WaitOptions } from "@mortise/sql/driver";
import { isBusy } from "../errors.ts";

const firstPauseMs = 1;
const longestPauseMs = 50;

/** The refusal after the whole wait. */
export function busyError(timeoutMs: number, cause?: unknown): QueryError {
  return new QueryError("busy", `the write lock was not free within ${timeoutMs} ms`, {
    cause,
    hint: "another transaction is open, here or in another process; keep transactions short or raise the timeout",
  });
}

/**
 * Tries again while another connection holds the lock. The pauses are ours and asynchronous, because SQLite's busy
 * handler would stop the event loop; they are random, so that two processes don't meet again and again.
 */
export async function retryBusy<T>(work: () => T | Promise<T>, wait: WaitOptions): Promise<T> {
  const deadline = performance.now() + wait.timeoutMs;
  for (let pause = firstPauseMs; ; pause = Math.min(pause * 2, longestPauseMs)) {
    wait.signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error)) throw error;
      const left = deadline - performance.now();
      if (left <= 0) throw busyError(wait.timeoutMs, error);
      await sleep(Math.min(left, pause * (0.5 + Math.random())), wait.signal);
    }
  }
}

/** Timers reject with an error of their own when aborted; the caller's reason says more. */
async function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await setTimeout(ms, undefined, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
