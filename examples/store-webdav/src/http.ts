import { isStoreError } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { isBroken, leadsToFolder, networkError, statusError } from "./errors.ts";
import type { WebdavStoreOptions } from "./options.ts";
import { authorization } from "./options.ts";

export interface Call {
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: BodyInit | undefined;
  readonly signal?: AbortSignal | undefined;
  /**
   * Statuses that the caller understands; any other is thrown as the store error it means. `folder` is the redirect from
   * a folder's name to the same with a slash.
   */
  readonly expected: readonly (number | "folder")[];
}

/** One request, never redirected. */
export type Send = (site: OperationSite, method: string, url: string, call: Call) => Promise<Response>;

/** Broken connections that are tried again: servers end idle ones at any time, also just before the next request. */
const retries = 3;

/** Sends with the store's credentials. */
export function createSend(options: WebdavStoreOptions): Send {
  return async (site, method, url, { headers, body, signal, expected }) => {
    const init = {
      method,
      // Without `identity` the server may compress, and tell the length of what it compressed.
      headers: { "accept-encoding": "identity", ...authorization(options), ...headers },
      // A redirect would carry the object, and perhaps the password, to somebody else.
      redirect: "manual",
      // `fetch` asks for it where the body is a stream.
      duplex: "half",
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    } as const;
    // A stream is spent, and a MOVE that has happened looks refused the second time.
    const repeatable = method !== "MOVE" && !(body instanceof ReadableStream);
    for (let attempt = 0; ; attempt++) {
      try {
        const response = await fetch(url, init);
        if (expected.includes(response.status)) return response;
        if (expected.includes("folder") && leadsToFolder(response, url)) return response;
        throw await statusError(site, response, url);
      } catch (error) {
        // The signal's reason is the error to reject with: the caller's abort, a time limit, or the store's end.
        signal?.throwIfAborted();
        if (isStoreError(error)) throw error;
        if (!repeatable || attempt === retries || !isBroken(error)) throw networkError(site, error);
      }
    }
  };
}
