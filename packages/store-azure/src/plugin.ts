import type { Secret, StoreContext, StorePlugin, StoreSpec } from "@mortise/core";
import { apiVersion } from "@mortise/core";
import { configError } from "./errors.ts";
import type { AzureAuth } from "./options.ts";
import { openAzureStore } from "./store.ts";

/** Stores with `"protocol": "azure"`: `openProject({ plugins: [azureStore] })`. */
export const azureStore: StorePlugin = {
  kind: "store",
  apiVersion,
  name: "azure",
  origin: import.meta.url,
  protocols: ["azure"],
  urlSchemes: ["az", "abfs"],
  keys: [],
  async open(spec: StoreSpec, { storeName, logger }: StoreContext) {
    const text = (key: string): string | undefined => (spec[key] as string | null | undefined) ?? undefined;
    return await openAzureStore({
      container: text("container") ?? "",
      location: text("location"),
      accountName: text("account_name"),
      auth: authOf(spec, storeName),
      endpoint: text("endpoint"),
      publicEndpoint: text("public_endpoint"),
      storeName,
      logger,
    });
  },
};

/** A connection string, or a key, or neither: then the ambient credential. Both together are refused where they differ. */
function authOf(spec: StoreSpec, store: string): AzureAuth | undefined {
  const secret = (key: string): Secret | undefined => {
    const value = spec[key] as Secret | null | undefined;
    return value === null || value?.reveal() === "" ? undefined : value;
  };
  const site = { operation: "open", store };
  const accountName = (spec["account_name"] as string | null | undefined) ?? "";
  const connectionString = secret("connection_string");
  const accountKey = secret("account_key");
  if (connectionString !== undefined) {
    const inner = /(?:^|;)\s*AccountKey=([^;]*)/i.exec(connectionString.reveal())?.[1]?.trim();
    if (accountKey !== undefined && inner !== accountKey.reveal()) {
      throw configError(site, "connection_string and account_key are configured and differ", "leave one of them out");
    }
    return { connectionString };
  }
  return accountKey === undefined ? undefined : { sharedKey: { accountName, accountKey } };
}
