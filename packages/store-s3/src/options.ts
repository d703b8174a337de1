import type { S3Client } from "@aws-sdk/client-s3";
import type { Logger } from "@mortise/core";
import type { CloudStoreOptions, TransportOptions } from "@mortise/store-kit/cloud";
import type { S3CredentialProvider, S3Credentials } from "./connect/identity.ts";

/**
 * `required`: no checksum headers but the signed SHA-256 of every body, which all servers verify. `supported`: also
 * `x-amz-checksum-sha256`, which the server keeps with the object.
 */
export type ChecksumMode = "required" | "supported";

/** What an S3 client is asked for: credentials, and where not given here region and endpoint. */
export type InjectedS3Client = Pick<S3Client, "config">;

/**
 * How to open a bucket, or a prefix in it, as a store.
 *
 * ```ts
 * // Amazon S3, credentials and region of the environment
 * await using store = await openS3Store({ bucket: "lab", location: "project" });
 * // MinIO
 * await using local = await openS3Store({
 *   endpoint: "http://127.0.0.1:9000",
 *   bucket: "lab",
 *   credentials: { accessKeyId: "…", secretAccessKey: "…" },
 * });
 * ```
 */
export interface S3StoreOptions extends CloudStoreOptions, Pick<TransportOptions, "dispatcher"> {
  readonly bucket: string;
  /** Prefix of all keys. Default: none. */
  readonly location?: string | undefined;
  /** `host[:port]` or an http(s) URL. Default: that of `client`, else Amazon's. */
  readonly endpoint?: string | undefined;
  /** Whether an endpoint without a scheme is spoken to by TLS. Default true. */
  readonly secure?: boolean | undefined;
  /** Default: `client`'s, else that of the endpoint's name, the environment, the profile, the bucket; at other servers than Amazon's `us-east-1`. */
  readonly region?: string | undefined;
  /** Default: `client`'s, else those that AWS's tools would find: environment, profile, SSO, container, instance. */
  readonly credentials?: S3Credentials | S3CredentialProvider | undefined;
  /** Section of `~/.aws` for ambient credentials and region. Default `AWS_PROFILE`. */
  readonly profile?: string | undefined;
  /** Credentials, region and endpoint are taken from it; requests go by our own transport. It stays yours to destroy. */
  readonly client?: InjectedS3Client | undefined;
  /** What signed URLs name instead of the endpoint: `host[:port]` or an http(s) URL. */
  readonly publicEndpoint?: string | undefined;
  /** Whether the bucket stands in the path instead of the host's name. Default: only at other servers than Amazon's. */
  readonly pathStyle?: boolean | undefined;
  /** Default `supported` at Amazon's, `required` elsewhere. */
  readonly checksumMode?: ChecksumMode | undefined;
  /** Default: drops everything. Told of corrected clocks and of results that were never disposed. */
  readonly logger?: Logger | undefined;
}
