import type { OperationOptions } from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import { asStoreError } from "../errors.ts";
import type { Runtime } from "./runtime.ts";

/** What `open` gives, each awaited under the operation's time limit; nothing is asked for ahead of the reader. */
export async function* eachOf<T>(
  runtime: Runtime,
  site: OperationSite,
  options: OperationOptions,
  open: (signal: AbortSignal) => AsyncIterable<T>,
): AsyncGenerator<T> {
  runtime.checkOpen(site);
  const guard = runtime.begin(site, options);
  const items = open(guard.signal)[Symbol.asyncIterator]();
  try {
    for (;;) {
      if (options.timeoutMs === undefined) guard.watch(runtime.options.timeoutMs);
      const next = await guard.race(items.next());
      guard.rest();
      if (next.done === true) return;
      yield next.value;
      // An item may have been looked at for hours; the store may have been closed meanwhile.
      if (guard.reason !== undefined) throw guard.reason;
    }
  } catch (error) {
    throw asStoreError(site, error);
  } finally {
    runtime.end(guard);
    void items.return?.().then(undefined, () => undefined);
  }
}
