import type { ObjectStore } from "@mortise/core";
import { storeBaseUrl } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { createTransport, locationPrefix, openCloudStore } from "@mortise/store-kit/cloud";
import { checkedOrigin } from "./account/place.ts";
import { resolveAccount } from "./account/resolve.ts";
import { azureBackend } from "./backend.ts";
import { configError } from "./errors.ts";
import type { AzureStoreOptions } from "./options.ts";
import { createWire } from "./wire/wire.ts";

/**
 * Opens a container as a store, without a project. Nothing is sent before the first operation. Throws `invalid-config` for
 * options that contradict each other, an endpoint that can't be used, or a token credential without https.
 */
export async function openAzureStore(options: AzureStoreOptions): Promise<ObjectStore> {
  const { container, location = "", publicEndpoint, dispatcher, storeName = "azure" } = options;
  const site: OperationSite = { operation: "open", store: storeName };
  checkContainer(site, container);
  const prefix = locationPrefix(site, location);
  const account = resolveAccount(site, options);
  const publicOrigin = publicEndpoint === undefined ? undefined : checkedOrigin(site, "publicEndpoint", publicEndpoint);
  const wire = createWire(account, createTransport({ dispatcher }));
  const baseUrl = storeBaseUrl({ protocol: "azure", container, location });
  const backend = azureBackend({ wire, container, prefix, baseUrl, publicOrigin, storeName });
  return await openCloudStore(backend, { ...options, storeName });
}

/** https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata */
function checkContainer(site: OperationSite, container: string): void {
  if (/^(?:\$root|\$web|(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9])$/.test(container)) return;
  const hint = "3 to 63 lower-case letters, digits and single hyphens";
  throw configError(site, `${JSON.stringify(container)} is no name of a container`, hint);
}
