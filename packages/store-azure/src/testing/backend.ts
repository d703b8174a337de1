import type { CloudBackend } from "@mortise/store-kit/cloud";
import { createTransport } from "@mortise/store-kit/cloud";
import type { Account } from "../account/account.ts";
import { resolveAccount } from "../account/resolve.ts";
import { azureBackend } from "../backend.ts";
import type { AzureStoreOptions } from "../options.ts";
import { createWire } from "../wire/wire.ts";

export const site = { operation: "test", store: "raw" };
const accountKey: string = Buffer.from("a key that must never be seen").toString("base64");

/** The backend alone, without what `cloudStore` adds: one attempt per call. */
export function testBackend(
  endpoint: string,
  options: Partial<AzureStoreOptions> = {},
  account: Partial<Account> = {},
): CloudBackend {
  const auth = { sharedKey: { accountName: "lab1", accountKey } };
  const resolved = resolveAccount(site, { container: "raw", accountName: "lab1", auth, endpoint, ...options });
  const wire = createWire({ ...resolved, ...account }, createTransport());
  const publicOrigin = options.publicEndpoint;
  return azureBackend({ wire, container: "raw", prefix: "", baseUrl: "az://raw", publicOrigin, storeName: "raw" });
}
