import type { Clock } from "../lifecycle/clock.ts";
import type { Semaphore } from "./semaphore.ts";

/** What one operation takes of a budget that others use too; given where a budget is asked for. */
export interface Share extends Semaphore {
  /** Takes `amount` for what is collected before it is known how it goes on; `acquire` then spends it first. */
  reserve(amount: number, signal?: AbortSignal): Promise<void> | undefined;
  /** Gives back what was reserved and not spent. */
  end(): void;
}

/**
 * One operation's share of `budget`. What it waits for while it has nothing of the budget is its turn, so that its clock
 * rests; with something in its hands its own requests must move. It never waits with only a reserve in its hands: many
 * that do so would wait for each other for ever, therefore the last of a reserve pays for a whole further acquisition.
 */
export function shareOf(budget: Semaphore, clock: Clock | undefined): Share {
  const { capacity } = budget;
  let reserved = 0;
  /** Acquired and not yet released, in units as they were asked for. */
  let held = 0;
  /** Of `held`, what no unit of the budget stands for. */
  let unpaid = 0;
  let waiters = 0;

  async function wait(turn: Promise<void>): Promise<void> {
    waiters++;
    if (held + reserved === 0) clock?.rest();
    try {
      await turn;
    } finally {
      waiters--;
      clock?.again();
    }
  }
  function take(
    amount: number,
    signal: AbortSignal | undefined,
    keep: (units: number) => void,
  ): Promise<void> | undefined {
    const units = Math.min(amount, capacity);
    const turn = budget.acquire(units, signal);
    if (turn !== undefined) return wait(turn).then(() => keep(units));
    keep(units);
    return undefined;
  }

  return {
    capacity,
    get used() {
      return held + reserved;
    },
    reserve: (amount, signal) =>
      take(amount, signal, (units) => {
        reserved += units;
      }),
    acquire(amount, signal) {
      if (reserved === 0 || signal?.aborted === true) {
        return take(amount, signal, (units) => {
          held += units;
        });
      }
      const units = Math.min(amount, capacity);
      const paid = Math.min(units, reserved);
      reserved -= paid;
      held += units;
      unpaid += units - paid;
      return undefined;
    },
    release(amount) {
      const units = Math.min(amount, capacity);
      const free = Math.min(unpaid, units);
      unpaid -= free;
      held -= units;
      budget.release(units - free);
      if (waiters > 0 && held + reserved === 0) clock?.rest();
    },
    end() {
      budget.release(reserved);
      reserved = 0;
    },
  };
}
