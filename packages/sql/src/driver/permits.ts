/** How long to wait for a lock or a connection, and what ends the wait. */
export interface WaitOptions {
  /** Aborting rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until `QueryError` `busy`. */
  readonly timeoutMs: number;
}

/** How long is waited for a lock or a connection unless told otherwise. */
export const defaultWaitMs = 30_000;

interface Waiter {
  readonly grant: () => void;
  readonly refuse: (reason: unknown) => void;
}

/** Timers beyond 32 bits fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/** A number of permits, given out first come, first served. */
export class Permits {
  readonly #timedOut: (timeoutMs: number) => Error;
  readonly #waiters = new Set<Waiter>();
  #free: number;

  /** `timedOut` makes the error of a wait that took too long. */
  constructor(count: number, timedOut: (timeoutMs: number) => Error) {
    this.#free = count;
    this.#timedOut = timedOut;
  }

  /** Resolves with the function that gives the permit back; calling that twice does no harm. */
  async acquire(wait: WaitOptions): Promise<() => void> {
    wait.signal?.throwIfAborted();
    if (this.#free > 0) this.#free -= 1;
    else await this.#wait(wait);
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.#release();
    };
  }

  /** Ends every wait with `reason`. */
  refuseWaiting(reason: unknown): void {
    for (const waiter of this.#waiters) waiter.refuse(reason);
  }

  #release(): void {
    const next = this.#waiters.values().next().value;
    if (next === undefined) {
      this.#free += 1;
      return;
    }
    this.#waiters.delete(next);
    next.grant();
  }

  #wait({ signal, timeoutMs }: WaitOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        this.#waiters.delete(waiter);
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
      };
      const waiter: Waiter = {
        grant: () => {
          stop();
          resolve();
        },
        refuse: (reason) => {
          stop();
          reject(reason);
        },
      };
      const onAbort = (): void => waiter.refuse(signal?.reason);
      const timer = setTimeout(() => waiter.refuse(this.#timedOut(timeoutMs)), Math.min(timeoutMs, longestTimerMs));
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiters.add(waiter);
    });
  }
}
