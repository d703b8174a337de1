import type { ListOptions, ListPage, MinimalStore } from "@mortise/core";
import { isKey } from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import { asStoreError, storeError } from "../errors.ts";
import type { Runtime } from "./runtime.ts";

/** Throws `invalid-key` for a prefix that no key can have, such as `../` or `a//`, and for other options that mean nothing. */
function checkListOptions(site: OperationSite, options: ListOptions): void {
  const { prefix = "", delimiter, pageSize, startAfter } = options;
  // Any continuation will do: a prefix may end in the middle of a segment.
  if (prefix !== "" && !isKey(`${prefix}x`)) {
    throw storeError(site, "invalid-key", `no key begins with the prefix ${JSON.stringify(prefix)}`, {
      hint: 'a prefix is the beginning of a key: relative, no empty, "." or ".." segment, no control character',
    });
  }
  if (delimiter !== undefined && delimiter !== "/") {
    throw storeError(site, "unsupported", `the delimiter is ${JSON.stringify(delimiter)}, only "/" is known`);
  }
  if (startAfter !== undefined && typeof startAfter !== "string") {
    throw storeError(site, "invalid-key", `startAfter is ${String(startAfter)}, it must be a text`);
  }
  if (pageSize !== undefined && !(Number.isSafeInteger(pageSize) && pageSize >= 1)) {
    throw storeError(site, "unsupported", `pageSize is ${pageSize}, it must be a whole number of at least 1`);
  }
}

/** The backend's pages, each awaited under the operation's time limit; nothing is asked for ahead of the reader. */
export async function* listPages(
  runtime: Runtime,
  store: MinimalStore,
  site: OperationSite,
  options: ListOptions,
): AsyncGenerator<ListPage> {
  checkListOptions(site, options);
  runtime.checkOpen(site);
  const guard = runtime.begin(site, options);
  const pages = store.list({ ...options, signal: guard.signal, timeoutMs: undefined })[Symbol.asyncIterator]();
  try {
    for (;;) {
      if (options.timeoutMs === undefined) guard.watch(runtime.options.timeoutMs);
      const next = await guard.race(pages.next());
      guard.rest();
      if (next.done === true) return;
      yield next.value;
      // A page may have been looked at for hours; the store may have been closed meanwhile.
      if (guard.reason !== undefined) throw guard.reason;
    }
  } catch (error) {
    throw asStoreError(site, error);
  } finally {
    runtime.end(guard);
    void pages.return?.().then(undefined, () => undefined);
  }
}
