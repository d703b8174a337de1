import { isStoreError } from "@mortise/core";
import { retryFactsOf } from "../errors.ts";
import type { Sleep } from "./sleep.ts";
import { sleep } from "./sleep.ts";

/** How often and how fast a store's requests are repeated. */
export interface RetryOptions {
  /** Attempts of one request, the first included. Default 8, which outlast about six seconds; 1 switches retries off. */
  readonly attempts?: number | undefined;
  /** Milliseconds that the first pause is at most; each further one is up to twice as long. Default 100. */
  readonly baseMs?: number | undefined;
  /** Milliseconds that any pause is at most, also where the server asks for a longer one. Default 20 000. */
  readonly maxMs?: number | undefined;
  /**
   * Retries that the whole store may make in a row; each tenth success gives one back. When all are spent, the server is
   * down, and requests fail at once instead of adding to its load. Default 1 000: a second of refusals costs each of 64
   * requests at once about five.
   */
  readonly budget?: number | undefined;
}

/** What a test replaces. */
export interface RetryClock {
  readonly sleep?: Sleep | undefined;
  /** At least 0 and less than 1. */
  readonly random?: (() => number) | undefined;
}

/** What one attempt is told. */
export interface Attempt {
  /** From 1. */
  readonly number: number;
  /** An earlier attempt got no answer, or one that leaves open whether it was carried out. */
  readonly ambiguous: boolean;
}

export interface Retrier {
  /**
   * Runs `work` until it succeeds, throws what no further attempt can heal, or attempts and budget are used up; then the
   * last error is thrown. Pauses end when `signal` aborts.
   */
  run<T>(work: (attempt: Attempt) => Promise<T>, signal?: AbortSignal): Promise<T>;
}

const first: Attempt = { number: 1, ambiguous: false };
/** The budget counts in tenths, so that sums are exact: a retry costs ten, a success gives one back. */
const cost = 10;

/** Retries with "full jitter", so that many clients of a server that was down do not come back all at once. */
export function createRetrier(options: RetryOptions = {}, clock: RetryClock = {}): Retrier {
  const { attempts = 8, baseMs = 100, maxMs = 20_000, budget = 1_000 } = options;
  const { random = Math.random, sleep: pause = sleep } = clock;
  const full = cost * budget;
  let tokens = full;

  async function again<T>(
    work: (attempt: Attempt) => Promise<T>,
    signal: AbortSignal | undefined,
    cause: unknown,
  ): Promise<T> {
    let error = cause;
    let ambiguous = false;
    for (let number = 2; ; number++) {
      if (!mayRetry(error) || number > attempts || tokens < cost || signal?.aborted === true) throw error;
      tokens -= cost;
      ambiguous ||= isAmbiguous(error);
      const asked = retryFactsOf(error).retryAfterMs ?? 0;
      const jitter = random() * Math.min(maxMs, baseMs * 2 ** (number - 2));
      try {
        await pause(Math.max(jitter, Math.min(asked, maxMs)), signal);
      } catch {
        // The abort is the operation's to word; what it waited for is still the best answer.
        throw error;
      }
      try {
        const result = await work({ number, ambiguous });
        if (tokens < full) tokens++;
        return result;
      } catch (next) {
        error = next;
      }
    }
  }

  return {
    async run(work, signal) {
      try {
        const result = await work(first);
        if (tokens < full) tokens++;
        return result;
      } catch (error) {
        return await again(work, signal, error);
      }
    },
  };
}

function mayRetry(error: unknown): error is Error {
  return isStoreError(error) && error.retryable;
}

/** Whether the failed attempt may have been carried out. */
export function isAmbiguous(error: unknown): boolean {
  return (
    isStoreError(error) && error.retryable && error.code !== "rate-limited" && retryFactsOf(error).notSent !== true
  );
}
