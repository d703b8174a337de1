import type * as Identity from "@azure/identity";
import type { OperationSite } from "@mortise/store-kit";
import { safeCause, storeError } from "@mortise/store-kit";
import type { AzureTokenCredential } from "../options.ts";
import type { LoadCredential } from "./token.ts";

/** The ambient credential, from the optional package that has it; asked for by the first request that needs a token. */
export function ambientCredential(): LoadCredential {
  let credential: AzureTokenCredential | undefined;
  return async (site) => {
    credential ??= new (await loadIdentity(site)).DefaultAzureCredential();
    return credential;
  };
}

async function loadIdentity(site: OperationSite): Promise<typeof Identity> {
  try {
    return await import("@azure/identity");
  } catch (error) {
    throw missingIdentity(site, error);
  }
}

/** What is thrown where `@azure/identity` can't be loaded. */
export function missingIdentity(site: OperationSite, error: unknown): Error {
  return storeError(site, "invalid-config", "no key is configured, and ambient credentials need @azure/identity", {
    cause: safeCause(error),
    hint: "npm install @azure/identity, or configure account_key",
  });
}
