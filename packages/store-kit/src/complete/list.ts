import type { ListOptions, ListPage, MinimalStore } from "@mortise/core";
import { isKey } from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import { storeError } from "../errors.ts";
import { eachOf } from "./each.ts";
import type { Runtime } from "./runtime.ts";

/** Throws `invalid-key` for a prefix that no key can have, such as `../` or `a//`, and for other options that mean nothing. */
export function checkListOptions(site: OperationSite, options: ListOptions): void {
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

/** The backend's pages, one at a time. */
export async function* listPages(
  runtime: Runtime,
  store: MinimalStore,
  site: OperationSite,
  options: ListOptions,
): AsyncGenerator<ListPage> {
  checkListOptions(site, options);
  yield* eachOf(runtime, site, options, (signal) => store.list({ ...options, signal, timeoutMs: undefined }));
}
