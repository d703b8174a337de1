import { isStoreError } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { safeCause, storeError } from "@mortise/store-kit";
import type { AzureTokenCredential } from "../options.ts";
import type { Authorizer, Signable } from "./contract.ts";

const scope = "https://storage.azure.com/.default";
/** A token is not used when it has less than this to live: a request may wait for a socket. */
const marginMs = 2 * 60_000;

/** Gives the credential; throws a store error where there is none. */
export type LoadCredential = (site: OperationSite) => Promise<AzureTokenCredential>;

interface Held {
  readonly token: string;
  readonly header: string;
  readonly staleAt: number;
  readonly refreshAt: number;
}

/** Bearer tokens of a credential: kept until they are nearly stale, and asked for once, however many requests wait. */
export function bearerToken(credential: LoadCredential, now: () => number = Date.now): Authorizer {
  let held: Held | undefined;
  let fetching: Promise<Held> | undefined;

  async function fetchToken(site: OperationSite): Promise<Held> {
    try {
      const given = await (await credential(site)).getToken(scope);
      if (given === null) throw new Error("the credential gave no token");
      const { token, expiresOnTimestamp, refreshAfterTimestamp } = given;
      const staleAt = expiresOnTimestamp - marginMs;
      held = { token, header: `Bearer ${token}`, staleAt, refreshAt: refreshAfterTimestamp ?? staleAt };
      return held;
    } finally {
      fetching = undefined;
    }
  }
  async function fresh(site: OperationSite): Promise<Held> {
    fetching ??= fetchToken(site);
    try {
      return await fetching;
    } catch (error) {
      // Each that waited says in its own words what it was for.
      throw tokenError(site, error);
    }
  }
  async function wait({ headers, site }: Signable): Promise<void> {
    headers["authorization"] = (await fresh(site)).header;
  }

  return {
    kind: "token",
    query: "",
    authorize(request) {
      const time = now();
      if (held === undefined || time >= held.staleAt) return wait(request);
      request.headers["authorization"] = held.header;
      if (time >= held.refreshAt && fetching === undefined) {
        fetching = fetchToken(request.site);
        // This one is still good: a failure shows when it no longer is.
        fetching.catch(() => undefined);
      }
      return undefined;
    },
    async bearer(site) {
      return held !== undefined && now() < held.staleAt ? held.token : (await fresh(site)).token;
    },
    refused() {
      held = undefined;
    },
  };
}

function tokenError(site: OperationSite, error: unknown): Error {
  if (isStoreError(error)) return error;
  return storeError(site, "unauthenticated", "no token for Azure Storage could be had", {
    cause: safeCause(error),
    hint: "log in with `az login`, set the AZURE_… variables, use a managed identity, or configure account_key",
  });
}
