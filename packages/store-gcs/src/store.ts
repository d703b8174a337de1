import type { ObjectStore } from "@mortise/core";
import { storeBaseUrl } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { createTransport, locationPrefix, openCloudStore } from "@mortise/store-kit/cloud";
import { createApi } from "./api/api.ts";
import { bucketPaths } from "./api/paths.ts";
import { parseEndpoint } from "./auth/endpoint.ts";
import { resolveAccess } from "./auth/resolve.ts";
import { gcsBackend } from "./backend.ts";
import { configError } from "./errors.ts";
import type { GcsStoreOptions } from "./options.ts";
import { createPresign } from "./signing/presign.ts";

/**
 * Opens a bucket as a store, without a project. Nothing is sent before the first operation. Throws `invalid-config` for
 * options that contradict each other, a key file that can't be read, or an endpoint that can't be used.
 */
export async function openGcsStore(options: GcsStoreOptions): Promise<ObjectStore> {
  const { bucket, location = "", project, publicEndpoint, dispatcher, storeName = "gcs" } = options;
  const site: OperationSite = { operation: "open", store: storeName };
  checkBucket(site, bucket);
  const prefix = locationPrefix(site, location);
  const access = await resolveAccess(site, options);
  const { origin, google, tokens, auth } = access;
  const publicOrigin = publicEndpoint === undefined ? origin : parseEndpoint(site, "publicEndpoint", publicEndpoint);
  // Nobody can be billed for a request without credentials.
  const paths = bucketPaths(bucket, auth === undefined || project === "" ? undefined : project);
  const transport = createTransport({ dispatcher });
  const backend = gcsBackend({
    api: createApi({ bucket, origin, google, paths, transport, tokens }),
    prefix,
    baseUrl: storeBaseUrl({ protocol: "gcs", bucket, location }),
    storeName,
    presign: auth === undefined ? undefined : createPresign({ bucket, origin: publicOrigin, auth }),
    close: () => transport.close(),
  });
  return await openCloudStore(backend, { ...options, storeName });
}

/** https://cloud.google.com/storage/docs/buckets#naming; the server has the last word. */
function checkBucket(site: OperationSite, bucket: string): void {
  if (/^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/.test(bucket)) return;
  const hint =
    "lower-case letters, digits, hyphens, underscores and dots, without gs://; the location has a key of its own";
  throw configError(site, `${JSON.stringify(bucket)} is no name of a bucket`, hint);
}
