import type { OperationSite } from "@mortise/store-kit";
import { credentialsError } from "../errors.ts";
import type { GcsAuthClient } from "../options.ts";

/** How long before its expiry a token is no longer used: a request may take a while to be looked at. */
const reserveMs = 4 * 60_000;
/** How long a token is used whose client does not tell when it expires. */
const unknownLifeMs = 60_000;

/** The value of `Authorization`. */
export interface Tokens {
  /** At once, without a promise: undefined where `fetch` must be asked. Empty: requests go without credentials. */
  current(): string | undefined;
  /** Asks the client; of calls at the same time one does. Throws `unauthenticated`. */
  fetch(site: OperationSite): Promise<string>;
  /** The server refused `used`. False where there is nothing else to try. */
  renew(used: string): boolean;
}

/** Requests go without credentials. */
export const anonymous: Tokens = {
  current: () => "",
  fetch: () => Promise.resolve(""),
  renew: () => false,
};

/** As much of a client's inside as makes it ask for a new token. */
interface Renewable {
  readonly credentials?: { readonly expiry_date?: number | null | undefined } | undefined;
  setCredentials?(credentials: object): void;
}

/** Tokens of a client, which is made at the first use. */
export function createTokens(load: () => Promise<GcsAuthClient>, now: () => number = Date.now): Tokens {
  let header: string | undefined;
  let expiresAt = 0;
  let fetching: Promise<string> | undefined;
  let inner: Renewable | undefined;
  /** Set by a refusal: the client's own copy of the token is no good either. */
  let stale = false;

  async function ask(): Promise<string> {
    const client = await load();
    inner = await innermost(client);
    if (stale) inner.setCredentials?.({ ...inner.credentials, expiry_date: 1 });
    stale = false;
    const answer = await client.getAccessToken();
    const token = typeof answer === "object" ? answer?.token : answer;
    if (token === undefined || token === null || token === "") throw new Error("the credentials gave no access token");
    const expiry = inner.credentials?.expiry_date;
    expiresAt =
      typeof expiry === "number" && expiry > 1 ? Math.max(expiry - reserveMs, now() + 1_000) : now() + unknownLifeMs;
    header = `Bearer ${token}`;
    return header;
  }

  return {
    current: () => (now() < expiresAt ? header : undefined),
    async fetch(site) {
      fetching ??= ask().finally(() => {
        fetching = undefined;
      });
      try {
        return await fetching;
      } catch (error) {
        throw credentialsError(site, error);
      }
    },
    renew(used) {
      // Another request has renewed it already.
      if (used !== header) return true;
      header = undefined;
      expiresAt = 0;
      stale = inner?.setCredentials !== undefined;
      return stale;
    },
  };
}

/** A `GoogleAuth` has the client that keeps the token inside. */
async function innermost(client: GcsAuthClient): Promise<Renewable> {
  const { getClient } = client as { readonly getClient?: () => Promise<Renewable> };
  return getClient === undefined ? (client as Renewable) : await getClient.call(client);
}
