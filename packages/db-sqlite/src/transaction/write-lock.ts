import { busyError, type WaitOptions } from "./busy.ts";

interface Waiter {
  readonly grant: () => void;
}

/** Timers beyond 32 bits fire at once. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Who may write next inside this process: first come, first served. SQLite's own lock knows no order, and a connection
 * that polls for it against its own process would only waste time.
 */
export class WriteLock {
  #held = false;
  readonly #waiters = new Set<Waiter>();

  /** Resolves with the function that gives the lock back; calling that twice does no harm. */
  async acquire(wait: WaitOptions): Promise<() => void> {
    wait.signal?.throwIfAborted();
    if (this.#held) await this.#wait(wait);
    else this.#held = true;
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.#release();
    };
  }

  #release(): void {
    const next = this.#waiters.values().next().value;
    if (next === undefined) {
      this.#held = false;
      return;
    }
    this.#waiters.delete(next);
    next.grant();
  }

  #wait({ signal, timeoutMs }: WaitOptions): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
      };
      const give = (error: unknown): void => {
        this.#waiters.delete(waiter);
        stop();
        reject(error);
      };
      const waiter: Waiter = {
        grant: () => {
          stop();
          resolve();
        },
      };
      const onAbort = (): void => give(signal?.reason);
      const timer = setTimeout(() => give(busyError(timeoutMs)), Math.min(timeoutMs, longestTimerMs));
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#waiters.add(waiter);
    });
  }
}
