import type { Logger, Secret } from "@mortise/core";
import type { CloudStoreOptions, TransportOptions } from "@mortise/store-kit/cloud";

/** What hands out access tokens: a client of `google-auth-library`, or anything of the same shape. */
export interface GcsAuthClient {
  getAccessToken(): Promise<string | null | undefined | { readonly token?: string | null | undefined }>;
}

/** As much of a `Storage` of `@google-cloud/storage` as is taken from it: credentials and endpoint. */
export interface GcsClient {
  readonly authClient: GcsAuthClient;
  readonly apiEndpoint: string;
  readonly customEndpoint?: boolean | undefined;
  readonly useAuthWithCustomEndpoint?: boolean | undefined;
}

/**
 * How to open a bucket, or a prefix in it, as a store.
 *
 * ```ts
 * await using store = await openGcsStore({ bucket: "lab", location: "project/production" });
 * ```
 */
export interface GcsStoreOptions extends CloudStoreOptions {
  readonly bucket: string;
  /** Prefix of all names in the bucket. Default: none. */
  readonly location?: string | undefined;
  /**
   * Path of a key file, its JSON text, an access token (`ya29.…`), `anon` for requests without credentials, `cloud` for
   * those of the machine, `google_default` for those of the environment. Default: those of the environment.
   */
  readonly token?: string | Secret | undefined;
  /** What a key file has inside; instead of `token`. */
  readonly credentials?: Readonly<Record<string, unknown>> | undefined;
  /** A client of `google-auth-library`; instead of `token`. */
  readonly authClient?: GcsAuthClient | undefined;
  /** A client of `@google-cloud/storage`; its credentials and endpoint are used where none are given here. */
  readonly storage?: GcsClient | undefined;
  /** The project that is billed for requests (`userProject`), as buckets with requester pays need it. */
  readonly project?: string | undefined;
  /** http(s) URL of another server, without path. Default: `STORAGE_EMULATOR_HOST`, then `https://storage.googleapis.com`. */
  readonly endpoint?: string | undefined;
  /** http(s) URL that signed URLs name. Default: the endpoint. */
  readonly publicEndpoint?: string | undefined;
  /** A dispatcher of undici for every request to the bucket, for proxies; it is not closed. */
  readonly dispatcher?: TransportOptions["dispatcher"];
  /** Default: drops everything. Told of results that were never disposed. */
  readonly logger?: Logger | undefined;
}
