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
  /** Milliseconds after which the server wants to be asked again (`Retry-After`). */
  readonly retryAfterMs?: number | undefined;
  /** The request can't have had an effect: it never reached the server, or the server says that it did nothing. */
  readonly notSent?: boolean | undefined;
}

/** What a retry needs to know of an error and nobody else. */
export type RetryFacts = Pick<StoreErrorExtras, "retryAfterMs" | "notSent">;

// Beside the errors, not in them: it is no part of what users see or store.
const retryFacts = new WeakMap<object, RetryFacts>();
const noFacts: RetryFacts = {};

/** What was said about retrying when `error` was made. */
export function retryFactsOf(error: object): RetryFacts {
  return retryFacts.get(error) ?? noFacts;
}

/** A store error whose message begins with the call: `put of "a/b" in store "raw": …`. */
export function storeError(
  site: OperationSite,
  code: StoreErrorCode,
  found: string,
  extras: StoreErrorExtras = {},
): StoreError {
  const what = site.key === undefined ? site.operation : `${site.operation} of "${site.key}"`;
  const error = new StoreError(code, `${what} in store "${site.store}": ${found}`, { ...site, ...extras });
  const { retryAfterMs, notSent } = extras;
  if (retryAfterMs !== undefined || notSent !== undefined) retryFacts.set(error, { retryAfterMs, notSent });
  return error;
}

/**
 * What is kept of another library's error as `cause`: name, code and message. SDKs attach the request with its signature
 * to their errors, and quote signed URLs in their messages; neither may reach a log.
 */
export function safeCause(cause: unknown): Error {
  if (isMortiseError(cause)) return cause;
  const { name = "Error", code, message = "" } = (cause ?? {}) as Partial<Error> & { readonly code?: unknown };
  const safe = new Error(withoutSecrets(typeof cause === "string" ? cause : message));
  safe.name = name;
  return typeof code === "string" || typeof code === "number" ? Object.assign(safe, { code }) : safe;
}

/** Cuts queries off URLs, and the values of what looks like a signature, key or token. */
function withoutSecrets(text: string): string {
  return text
    .replace(/(\bhttps?:\/\/)[^\s/@"']+@/gi, "$1")
    .replace(/\?[^\s"'<>)]*=[^\s"'<>)]*/g, "?…")
    .replace(
      /\b(authorization|signature|sig|x-amz-[a-z-]+|accountkey|[a-z]*(?:secret|token|password)[a-z]*)(["']?\s*[:=]\s*)[^\n,;&]+/gi,
      "$1$2…",
    );
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
