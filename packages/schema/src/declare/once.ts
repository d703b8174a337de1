/** Work that is done once, however many ask at the same time. */
export interface Once<T> {
  get(): Promise<T>;
  /** Whether it has been done, successfully. */
  readonly done: boolean;
  /** The next `get` does the work again. */
  reset(): void;
}

/**
 * Runs `work` at the first `get`; later callers get the same promise. A failure is not remembered: the next caller tries
 * again. After a `reset` work that is still running finishes for those who wait for it, and counts for nobody else.
 */
export function once<T>(work: () => Promise<T>): Once<T> {
  let running: Promise<T> | undefined;
  let done = false;
  let round = 0;

  const run = async (mine: number): Promise<T> => {
    try {
      const result = await work();
      if (mine === round) done = true;
      return result;
    } catch (error) {
      if (mine === round) running = undefined;
      throw error;
    }
  };
  return {
    get() {
      running ??= run(round);
      return running;
    },
    get done() {
      return done;
    },
    reset() {
      round++;
      running = undefined;
      done = false;
    },
  };
}
