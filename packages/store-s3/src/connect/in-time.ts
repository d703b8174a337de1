import type { OperationSite } from "@mortise/store-kit";
import { storeError } from "@mortise/store-kit";

/** Milliseconds: as long as a slow process that makes credentials may take. */
const patience = 60_000;

/**
 * What `work` gives, but not for ever: requests of any number of callers wait for one answer, with none of their time
 * limits on it, and only its end lets the next one ask anew. Throws `timeout`.
 */
export async function inTime<T>(
  site: OperationSite,
  what: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = storeError(site, "timeout", `${what} did not come within ${patience / 1000} s`);
      reject(error);
      controller.abort(error);
    }, patience);
  });
  try {
    return await Promise.race([work(controller.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
