/** Waits for `ms` milliseconds; rejects when the signal aborts, also one that has aborted already. */
export type Sleep = (ms: number, signal: AbortSignal | undefined) => Promise<void>;

/** On the clock of this process. */
export const sleep: Sleep = (ms, signal) =>
  new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason as Error);
      return;
    }
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal?.addEventListener("abort", stop, { once: true });
  });
