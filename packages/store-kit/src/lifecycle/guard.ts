import type { OperationOptions, StoreError } from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import { abortedError, storeError } from "../errors.ts";
import type { Clock } from "./clock.ts";

/** How long an aborted operation may take to remove what it has begun, in milliseconds, before its caller is answered. */
const graceMs = 5_000;

/** What Node's timers can wait for, in milliseconds: a longer wait would end at once. */
const longestTimer = 2 ** 31 - 1;

/**
 * Watches one operation or body: the caller's signal, the time for the whole, the time without progress, and the
 * closing of the store all end in one abort with one reason. Call `end` in every case, or its timers keep running.
 */
export class Guard implements Clock {
  readonly #site: OperationSite;
  readonly #controller = new AbortController();
  readonly #callerSignal: AbortSignal | undefined;
  readonly #listeners = new Set<(reason: StoreError) => void>();
  #total: ReturnType<typeof setTimeout> | undefined;
  #idle: ReturnType<typeof setTimeout> | undefined;
  #idleMs = 0;
  #lastProgress = 0;
  #reason: StoreError | undefined;

  constructor(site: OperationSite, options: OperationOptions) {
    this.#site = site;
    this.#callerSignal = options.signal;
    if (options.signal?.aborted === true) this.#onCallerAbort();
    else options.signal?.addEventListener("abort", this.#onCallerAbort, { once: true });
    const { timeoutMs } = options;
    if (timeoutMs !== undefined) this.#armTotal(timeoutMs, timeoutMs);
  }

  /** What the backend listens to; its reason is the error the operation rejects with. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get reason(): StoreError | undefined {
    return this.#reason;
  }

  /** From now on at most `idleMs` milliseconds may pass between two calls of `touch`. */
  watch(idleMs: number): void {
    this.#idleMs = idleMs;
    this.#lastProgress = performance.now();
    this.#armIdle(idleMs);
  }

  /** Something has moved. */
  touch(): void {
    this.#lastProgress = performance.now();
  }

  /** Nothing is expected to move until the next `watch`. */
  rest(): void {
    clearTimeout(this.#idle);
    this.#idle = undefined;
  }

  /** What `rest` has ended begins anew. */
  again(): void {
    if (this.#idleMs > 0 && this.#reason === undefined) this.watch(this.#idleMs);
  }

  abort(reason: StoreError): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#controller.abort(reason);
    for (const listener of this.#listeners) listener(reason);
    this.#listeners.clear();
  }

  /** Waits for `work`, but not beyond an abort. */
  race<T>(work: Promise<T>): Promise<T> {
    return this.#race(work, (reason, reject) => reject(reason));
  }

  /**
   * Waits for an operation that hears the signal. After an abort it gets a moment to clean up, so that its caller sees
   * the state it left; if it had already succeeded, that is the answer, because it is the truth.
   */
  settle<T>(work: Promise<T>): Promise<T> {
    return this.#race(work, (reason, reject) => {
      setTimeout(() => reject(reason), graceMs).unref?.();
    });
  }

  end(): void {
    this.rest();
    // Whoever waited for its turn and is told so now must not start the clock of what is over.
    this.#idleMs = 0;
    clearTimeout(this.#total);
    this.#callerSignal?.removeEventListener("abort", this.#onCallerAbort);
    this.#listeners.clear();
  }

  #race<T>(work: Promise<T>, onAbort: (reason: StoreError, reject: (reason: unknown) => void) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const listener = (reason: StoreError): void => onAbort(reason, reject);
      if (this.#reason === undefined) this.#listeners.add(listener);
      else listener(this.#reason);
      void this.#follow(work, listener).then(resolve, reject);
    });
  }

  async #follow<T>(work: Promise<T>, listener: (reason: StoreError) => void): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw this.#reason ?? error;
    } finally {
      this.#listeners.delete(listener);
    }
  }

  readonly #onCallerAbort = (): void => this.abort(abortedError(this.#site, this.#callerSignal?.reason));

  #armTotal(left: number, limitMs: number): void {
    this.#total = setTimeout(
      () => {
        if (left > longestTimer) this.#armTotal(left - longestTimer, limitMs);
        else this.#expire(limitMs, "its time limit");
      },
      Math.min(left, longestTimer),
    );
  }

  #armIdle(delay: number): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(
      () => {
        const left = this.#idleMs - (performance.now() - this.#lastProgress);
        // Re-arming once per period is cheaper than a timer per chunk.
        if (left > 0) this.#armIdle(left);
        else this.#expire(this.#idleMs, "the limit for a step without progress");
      },
      Math.min(delay, longestTimer),
    );
  }

  #expire(ms: number, limit: string): void {
    const hint =
      "raise timeoutMs or idleTimeoutMs if the store is only slow; otherwise look at its host or disk, and whether every result of get is read to its end or disposed: until then it keeps a connection or file";
    this.abort(storeError(this.#site, "timeout", `took longer than ${ms} ms, ${limit}`, { hint }));
  }
}
