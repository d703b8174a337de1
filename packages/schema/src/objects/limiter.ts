/** Runs tasks side by side within two bounds. */
export interface Limiter {
  /** `bytes` is what the task holds in memory; a task above the whole budget runs when nothing else does. */
  run<T>(bytes: number, task: () => Promise<T>): Promise<T>;
}

/** The two bounds. */
export interface LimiterOptions {
  /** Tasks at a time. */
  readonly concurrency: number;
  /** Bytes held by running tasks together. */
  readonly bytes: number;
}

interface Waiting {
  readonly bytes: number;
  start(): void;
}

/** First come, first served: a large task is not overtaken for ever by small ones. */
export function createLimiter(options: LimiterOptions): Limiter {
  const queue: Waiting[] = [];
  let running = 0;
  let held = 0;

  function pump(): void {
    for (let next = queue[0]; next !== undefined; next = queue[0]) {
      if (running >= options.concurrency || (running > 0 && held + next.bytes > options.bytes)) return;
      queue.shift();
      running += 1;
      held += next.bytes;
      next.start();
    }
  }

  return {
    async run(bytes, task) {
      await new Promise<void>((resolve) => {
        queue.push({ bytes, start: resolve });
        pump();
      });
      try {
        return await task();
      } finally {
        running -= 1;
        held -= bytes;
        pump();
      }
    },
  };
}
