import type { StoreError, StoreErrorCode } from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import { storeError } from "../errors.ts";

/** What a backend has read in an answer that is no success; nothing of it may be a secret. */
export interface HttpErrorDetails {
  /** The provider's own code, for example `SlowDown`. */
  readonly code?: string | undefined;
  /** The provider's sentence. */
  readonly message?: string | undefined;
  readonly requestId?: string | undefined;
  /** The header `Retry-After`: seconds or a date. */
  readonly retryAfter?: string | undefined;
  /** What was found, in words; default: what the status means. */
  readonly found?: string | undefined;
  /** Where the backend knows better than the status. */
  readonly storeCode?: StoreErrorCode | undefined;
  readonly retryable?: boolean | undefined;
  readonly hint?: string | undefined;
  /** The server says that it did nothing, although another attempt may succeed. */
  readonly notSent?: boolean | undefined;
}

type Meaning = readonly [code: StoreErrorCode, found: string, hint?: string];

const redirected: Meaning = [
  "invalid-config",
  "the server redirects, and redirects are never followed",
  "look at the endpoint, the region and the bucket's name; the address must be the server's own",
];

const outlasts = "it is tried again before this is said: look at the server's state, then run the same again";
const slower = "lower the concurrency, or spread the work: other clients count too";
const changed = "look at the object as it is now (head), and decide anew";
const look = "look at the endpoint, and at proxies before the server";

/** RFC 9110 §15, as object stores use it. */
const meanings: Readonly<Record<number, Meaning>> = {
  301: redirected,
  302: redirected,
  303: redirected,
  304: ["precondition-failed", "the condition does not hold", changed],
  307: redirected,
  308: redirected,
  400: ["protocol", "the server refuses the request as malformed", look],
  401: [
    "unauthenticated",
    "the server does not know who asks",
    "look at the credentials, and whether they have expired",
  ],
  403: [
    "permission-denied",
    "the server denies it",
    "look at the credentials and what they may do; a wrong clock of this machine is also refused like this",
  ],
  404: ["not-found", "there is no such object", "look at the key, and at the store's bucket and location"],
  405: ["unsupported", "the server does not do that here", "look at the endpoint: is it the store's data endpoint?"],
  408: ["timeout", "the server waited too long for the request", outlasts],
  // Two requests on one name met; whichever was first is done.
  409: ["unavailable", "another request on the same object is under way", changed],
  410: ["not-found", "the object is gone", changed],
  411: ["protocol", "the server misses the length of the body", look],
  412: ["precondition-failed", "the condition does not hold", changed],
  413: ["unsupported", "the body is too large for the server", "look at the limits of proxies, or send it in parts"],
  416: ["invalid-range", "the object has no byte of that range", "look at its size (head) first"],
  429: ["rate-limited", "the server asks to slow down", slower],
  500: ["unavailable", "the server failed", outlasts],
  501: ["unsupported", "the server does not know this request", look],
  502: ["unavailable", "a proxy got no answer from the server", outlasts],
  503: ["unavailable", "the server is overloaded or down", outlasts],
  504: ["unavailable", "a proxy got no answer from the server in time", outlasts],
  507: ["quota-exceeded", "the server's disk is full", "free space there, or delete objects"],
};

/** The store error for an answer with this status; `told` wins where it says something. */
export function httpError(site: OperationSite, status: number, told: HttpErrorDetails = {}): StoreError {
  const [code, found, hint] = meanings[status] ?? fallback(status);
  const says = [told.code, told.message].filter((text) => text !== undefined && text !== "").join(": ");
  return storeError(site, told.storeCode ?? code, `${told.found ?? found} (${says === "" ? `HTTP ${status}` : says})`, {
    hint: told.hint ?? hint,
    status,
    requestId: told.requestId,
    retryable: told.retryable,
    retryAfterMs: retryAfterMs(told.retryAfter),
    notSent: told.notSent,
  });
}

function fallback(status: number): Meaning {
  if (status >= 500) return ["unavailable", "the server failed", outlasts];
  if (status >= 400) return ["unknown", "the server refuses the request", look];
  return ["protocol", `the server answers with status ${status}, which means nothing here`, look];
}

function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
