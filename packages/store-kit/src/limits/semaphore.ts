/** A counter that waits: slots for concurrent requests, or bytes of memory. First come, first served. */
export interface Semaphore {
  /**
   * Takes `amount` units, at most the capacity, so that one huge request runs alone instead of never. Answers at once
   * when they are free, otherwise a promise; rejects with the signal's reason, and then nothing is taken.
   */
  acquire(amount: number, signal?: AbortSignal): Promise<void> | undefined;
  /** Gives back what `acquire` took: the same number. */
  release(amount: number): void;
  /** Units taken now; 0 when nothing is under way. */
  readonly used: number;
  /** The most that is taken at once. */
  readonly capacity: number;
}

interface Waiter {
  readonly amount: number;
  readonly wake: () => void;
}

/** `capacity` in units, at least 1. */
export function createSemaphore(capacity: number): Semaphore {
  // A set keeps the order of arrival and lets an aborted waiter leave from the middle.
  const waiters = new Set<Waiter>();
  let used = 0;
  const clamp = (amount: number): number => Math.min(amount, capacity);

  function wakeNext(): void {
    for (const waiter of waiters) {
      // The first in line may be large: letting smaller ones pass would starve it.
      if (used + waiter.amount > capacity) return;
      waiters.delete(waiter);
      used += waiter.amount;
      waiter.wake();
    }
  }

  function wait(amount: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const abandon = (): void => {
        waiters.delete(waiter);
        reject(signal?.reason as Error);
        wakeNext();
      };
      const waiter: Waiter = {
        amount,
        wake: () => {
          signal?.removeEventListener("abort", abandon);
          resolve();
        },
      };
      signal?.addEventListener("abort", abandon, { once: true });
      waiters.add(waiter);
    });
  }

  return {
    acquire(amount, signal) {
      const units = clamp(amount);
      if (signal?.aborted === true) return Promise.reject(signal.reason as Error);
      if (waiters.size > 0 || used + units > capacity) return wait(units, signal);
      used += units;
      return undefined;
    },
    release(amount) {
      used -= clamp(amount);
      wakeNext();
    },
    get used() {
      return used;
    },
    capacity,
  };
}
