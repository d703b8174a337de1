/** How stores word their errors: what was tried on which key of which store, then what was found. */
import type { ErrorOptions, ObjectKey, StoreErrorCode } from "@mortise/core";
import { isMortiseError, isStoreError, StoreError } from "@mortise/core";

/** The call an error belongs to. */
export interface OperationSite {
  readonly operation: string;
  /** The store's name in the configuration, or its protocol. */
  readonly store: string;
  readonly key?: ObjectKey | undefined;
}

export interface StoreErrorExtras extends ErrorOptions {
  readonly retryable?: boolean | undefined;
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
}

/** A store error whose message begins with the call: `put of "a/b" in store "raw": …`. */
export function storeError(
  site: OperationSite,
  code: StoreErrorCode,
  found: string,
  extras: StoreErrorExtras = {},
): StoreError {
  const what = site.key === undefined ? site.operation : `${site.operation} of "${site.key}"`;
  return new StoreError(code, `${what} in store "${site.store}": ${found}`, { ...site, ...extras });
}

/**
 * What an operation rejects with when something it called has thrown `cause`: errors of Mortise pass unchanged (a
 * codec's error while it produces a body must reach its caller), everything else becomes `unknown`.
 */
export function asStoreError(site: OperationSite, cause: unknown): Error {
  if (isStoreError(cause)) return cause;
  if (isMortiseError(cause)) return cause;
  return storeError(site, "unknown", cause instanceof Error ? cause.message : String(cause), { cause });
}

/** Why an operation ended early because its caller's signal did. */
export function abortedError(site: OperationSite, cause?: unknown): StoreError {
  return storeError(site, "aborted", "the caller's signal aborted it", { cause });
}

/** What every operation of a closed store rejects with, and what bodies still being read end with. */
export function closedError(site: OperationSite): StoreError {
  return storeError(site, "aborted", "the store is closed", { hint: "open the store again" });
}
