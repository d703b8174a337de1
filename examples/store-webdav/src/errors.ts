/** What a server's answers and a network's failures mean for a store, and what to do about each. */
import type { StoreErrorCode } from "@mortise/core";
import type { OperationSite, StoreErrorExtras } from "@mortise/store-kit";
import { storeError } from "@mortise/store-kit";

type Meaning = readonly [code: StoreErrorCode, found: string, hint?: string];

const statuses: Readonly<Record<number, Meaning>> = {
  400: ["protocol", "the server finds the request malformed"],
  401: ["unauthenticated", "the server refuses the name and password", "correct them; only Basic authentication works"],
  403: ["permission-denied", "the server denies it", "let this user read and write the folder"],
  404: ["not-found", "there is no such object"],
  405: ["invalid-config", "the server does not know the method", "switch WebDAV on at this endpoint, or correct it"],
  409: ["unavailable", "a folder was removed meanwhile", "try again"],
  410: ["not-found", "there is no such object"],
  412: ["precondition-failed", "the object is no longer the one that ifMatch names"],
  413: [
    "quota-exceeded",
    "the server does not take objects of this size",
    "raise its limit (Apache: LimitRequestBody)",
  ],
  416: ["invalid-range", "the range begins after the object's end"],
  423: ["unavailable", "another program has locked it", "try again when the lock is released"],
  429: ["rate-limited", "the server asks for fewer requests"],
  501: ["invalid-config", "the server does not know the method", "switch WebDAV on at this endpoint, or correct it"],
  507: ["quota-exceeded", "the server has no room left", "free space or raise the quota; nothing was changed"],
};

/** The error for an answer that is not the one that was hoped for; reads the answer to its end. */
export async function statusError(site: OperationSite, response: Response, url: string): Promise<Error> {
  await drain(response);
  const { status } = response;
  if (status >= 300 && status < 400) return redirectError(site, response, url);
  const unexpected: Meaning = status >= 500 ? ["unavailable", "the server failed"] : ["protocol", "no answer to this"];
  const [code, found, hint] = statuses[status] ?? unexpected;
  return storeError(site, code, `${found} (HTTP ${status})`, { status, hint });
}

function redirectError(site: OperationSite, response: Response, url: string): Error {
  const { status, headers } = response;
  if (leadsToFolder(response, url))
    return storeError(site, "not-found", "there is a folder, not an object", { status });
  const { origin } = new URL(headers.get("location") ?? "", url);
  return storeError(site, "invalid-config", `the server redirects to ${origin}, which is not followed`, {
    status,
    hint: "use the URL that the server redirects to as endpoint, if you trust it",
  });
}

/** Servers redirect from a folder's name to the same with a slash. */
export function leadsToFolder({ status, headers }: Response, url: string): boolean {
  if (status < 300 || status >= 400) return false;
  return new URL(headers.get("location") ?? "", url).pathname === `${new URL(url).pathname}/`;
}

const failures: readonly (readonly [pattern: RegExp, ...Meaning])[] = [
  [/ENOTFOUND|EAI_/, "unavailable", "the host name is not known", "correct the endpoint, or look at the network"],
  [/ECONNREFUSED/, "unavailable", "nobody listens there", "start the server, or correct the endpoint's port"],
  [/WRONG_VERSION|EPROTO/, "invalid-config", "the server does not speak TLS there", "try http:// or another port"],
  [/CERT|SELF_SIGNED|UNABLE_TO/, "invalid-config", "the certificate is not trusted", "set NODE_EXTRA_CA_CERTS"],
  [/HPE_/, "invalid-config", "the server does not speak HTTP there", "try https:// or another port"],
];

/** The error for what `fetch` or a body threw. Foreign errors may carry requests: only name, code and message are kept. */
export function networkError(site: OperationSite, thrown: unknown): Error {
  const inner = (thrown as { readonly cause?: unknown }).cause ?? thrown;
  const { code = "", message = String(inner) } = inner as { readonly code?: string; readonly message?: string };
  const cause = Object.assign(new Error(message), { code });
  const [, meaning, found, hint] = failures.find(([pattern]) => pattern.test(code)) ?? [
    undefined,
    "unavailable" as const,
    "the connection broke",
  ];
  return storeError(site, meaning, code === "" ? found : `${found} (${code})`, { cause, hint });
}

/** Whether a connection that had been made ended before the answer. */
export function isBroken(thrown: unknown): boolean {
  const { code = "" } = ((thrown as { readonly cause?: unknown }).cause ?? {}) as { readonly code?: string };
  return ["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"].includes(code);
}

/** A key that runs through an object, or names a folder with objects. */
export function conflictError(site: OperationSite, found: string, extras: StoreErrorExtras = {}): Error {
  const hint = "on a WebDAV server an object can't also be the folder of other objects: choose another key";
  return storeError(site, "invalid-key", found, { hint, ...extras });
}

/** Reads an answer that nobody wants, so that its connection can be used again. */
export async function drain(response: Response): Promise<void> {
  for await (const _ of response.body ?? []);
}
