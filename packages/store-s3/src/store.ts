import type { ObjectStore } from "@mortise/core";
import { silentLogger, storeBaseUrl } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { storeError } from "@mortise/store-kit";
import { createTransport, locationPrefix, openCloudStore } from "@mortise/store-kit/cloud";
import { createBackend } from "./backend.ts";
import { createTarget } from "./connect/connection.ts";
import type { PartialCredentials, S3CredentialProvider, S3Credentials } from "./connect/identity.ts";
import { checkCredentials, createIdentity } from "./connect/identity.ts";
import { findRegion } from "./connect/region.ts";
import { defaultPathStyle, globalEndpoint, readServer } from "./connect/server.ts";
import type { InjectedS3Client, S3StoreOptions } from "./options.ts";

/**
 * Opens a bucket, or a prefix in it, as a store, without a project. Nothing is written before the first write.
 * Throws `invalid-config` for options that can't be used.
 */
export async function openS3Store(options: S3StoreOptions): Promise<ObjectStore> {
  const { bucket, location = "", client, profile, storeName = "s3", logger = silentLogger } = options;
  const site: OperationSite = { operation: "open", store: storeName };
  checkBucket(site, bucket);
  checkChecksumMode(site, options.checksumMode);
  const baseUrl = storeBaseUrl({ protocol: "s3", bucket, location });
  const prefix = locationPrefix(site, location);
  const { secure = true } = options;
  const server = readServer(site, options.endpoint ?? (await endpointOf(client)) ?? globalEndpoint, secure);
  const publicServer =
    options.publicEndpoint === undefined ? undefined : readServer(site, options.publicEndpoint, secure);
  const transport = createTransport({ dispatcher: options.dispatcher });
  const target = createTarget({
    bucket,
    server,
    pathStyle: options.pathStyle ?? (await pathStyleOf(client)) ?? defaultPathStyle(server, bucket),
    identity: createIdentity(credentialsOf(site, options)),
    transport,
    logger,
    region: options.region ?? server.aws?.region,
    findRegion: (at, signal) => findRegion(at, { bucket, server, transport, client, profile }, signal),
  });
  const checksums = (options.checksumMode ?? (server.aws === undefined ? "required" : "supported")) === "supported";
  const backend = createBackend({
    target,
    baseUrl,
    prefix,
    storeName,
    checksums,
    publicEndpoint: publicServer?.endpoint,
  });
  return await openCloudStore(backend, { ...options, storeName });
}

/** The keys of a configuration, undefined for none. Throws `invalid-config` for half of them. */
export function checkedCredentials(storeName: string, given: PartialCredentials): S3Credentials | undefined {
  return checkCredentials({ operation: "open", store: storeName }, given);
}

function credentialsOf(site: OperationSite, options: S3StoreOptions): S3Credentials | S3CredentialProvider {
  const { credentials, client, profile } = options;
  if (typeof credentials === "function") return credentials;
  const given = credentials === undefined ? undefined : checkCredentials(site, credentials);
  if (given !== undefined) return given;
  if (client !== undefined) return () => client.config.credentials();
  return async () => {
    const { defaultProvider } = await import("@aws-sdk/credential-provider-node");
    return await defaultProvider(profile === undefined ? {} : { profile })();
  };
}

/** The endpoint that a client was made with; undefined for Amazon's own. */
async function endpointOf(client: InjectedS3Client | undefined): Promise<string | undefined> {
  const endpoint = await client?.config.endpoint?.();
  if (endpoint === undefined) return undefined;
  const { protocol, hostname, port } = endpoint;
  return `${protocol}//${hostname}${port === undefined ? "" : `:${port}`}`;
}

async function pathStyleOf(client: InjectedS3Client | undefined): Promise<boolean | undefined> {
  return client?.config.forcePathStyle === true ? true : undefined;
}

function checkBucket(site: OperationSite, bucket: string): void {
  const hint = "give the bucket's name alone";
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$/.test(bucket)) {
    throw storeError(site, "invalid-config", `${JSON.stringify(bucket)} is no bucket name`, { hint });
  }
  if (bucket.endsWith("--x-s3")) {
    throw storeError(site, "invalid-config", `"${bucket}" is a directory bucket: its listings have no order`, {
      hint: "use a general purpose bucket",
    });
  }
}

function checkChecksumMode(site: OperationSite, mode: string | undefined): void {
  if (mode === undefined || mode === "required" || mode === "supported") return;
  throw storeError(
    site,
    "invalid-config",
    `checksumMode is ${JSON.stringify(mode)}, it must be "required" or "supported"`,
  );
}
