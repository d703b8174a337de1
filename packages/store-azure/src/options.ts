import type { BlobServiceClient, ContainerClient } from "@azure/storage-blob";
import type { Logger, Secret } from "@mortise/core";
import type { CloudStoreOptions, TransportOptions } from "@mortise/store-kit/cloud";

/** As much of a `TokenCredential` of `@azure/identity` as is used: any object that gives tokens will do. */
export interface AzureTokenCredential {
  getToken(
    scopes: string | string[],
    options?: object,
  ): Promise<{
    readonly token: string;
    /** Milliseconds since 1970. */
    readonly expiresOnTimestamp: number;
    readonly refreshAfterTimestamp?: number | undefined;
  } | null>;
}

/** Who asks. Without it: the ambient credential of `@azure/identity` (environment, managed identity, Azure CLI). */
export type AzureAuth =
  | { readonly sharedKey: { readonly accountName: string; readonly accountKey: string | Secret } }
  /** A shared access signature of the container or account, with or without a leading "?". Needs `accountName` or `endpoint`. */
  | { readonly sas: string | Secret }
  /** As the portal shows it; `UseDevelopmentStorage=true` means Azurite on port 10000. */
  | { readonly connectionString: string | Secret }
  /** Tokens are asked for `https://storage.azure.com/.default`, and sent over https only. */
  | { readonly credential: AzureTokenCredential };

/**
 * How to open a container as a store.
 *
 * ```ts
 * await using store = await openAzureStore({ container: "lab", location: "raw", accountName: "labdata" });
 * ```
 */
export interface AzureStoreOptions extends Omit<CloudStoreOptions, "protocol"> {
  /** An existing container. */
  readonly container: string;
  /** Prefix of all names in the container. Default: none. */
  readonly location?: string | undefined;
  /** The storage account, where `auth`, `endpoint` or `client` does not name it. */
  readonly accountName?: string | undefined;
  readonly auth?: AzureAuth | undefined;
  /** http(s) URL of a server other than `https://<account>.blob.core.windows.net`, without path. */
  readonly endpoint?: string | undefined;
  /** http(s) URL that signed URLs name instead, without path: where clients outside reach the same server. */
  readonly publicEndpoint?: string | undefined;
  /** An SDK client to take the account's URL and the credential from; its pipeline is not used. */
  readonly client?: BlobServiceClient | ContainerClient | undefined;
  /** A dispatcher of undici for every request, also for those of the SDK; for proxies. It is not closed. */
  readonly dispatcher?: TransportOptions["dispatcher"];
  /** Default: drops everything. Told of results that were never disposed. */
  readonly logger?: Logger | undefined;
}
