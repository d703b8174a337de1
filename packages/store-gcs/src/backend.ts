import type { PresignedRequest, PresignRequest, StoreCapabilities } from "@mortise/core";
import { maxKeyBytes, utf8Length } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import type { CloudBackend } from "@mortise/store-kit/cloud";
import type { GcsApi } from "./api/api.ts";
import { copyObject } from "./objects/copy.ts";
import { deleteObject } from "./objects/delete.ts";
import { getObject } from "./objects/get.ts";
import { headObject } from "./objects/head.ts";
import { listObjects } from "./objects/list.ts";
import { putObject } from "./objects/put.ts";
import { resumableUploads } from "./resumable/multipart.ts";

/** What a backend is made of. */
export interface BackendParts {
  readonly api: GcsApi;
  /** Empty, or ending in a slash. */
  readonly prefix: string;
  readonly baseUrl: string;
  readonly storeName: string;
  /** Undefined where requests go without credentials. */
  readonly presign:
    | ((site: OperationSite, name: string, request: PresignRequest) => Promise<PresignedRequest>)
    | undefined;
  readonly close: () => Promise<void>;
}

/** Cloud Storage as `cloudStore` wants it. */
export function gcsBackend({ api, prefix, baseUrl, storeName, presign, close }: BackendParts): CloudBackend {
  return {
    protocol: "gcs",
    baseUrl,
    endpoint: api.origin,
    prefix,
    singlePutBytes: 8 * 1024 * 1024,
    capabilities: capabilitiesOf(prefix, presign !== undefined),
    put: (name, body, call) => putObject(api, name, body, call),
    get: (name, call) => getObject(api, name, call),
    head: (name, call) => headObject(api, name, call),
    list: (call) => listObjects(api, call),
    delete: (name, call) => deleteObject(api, name, call),
    copy: (to, call) => copyObject(api, to, call),
    multipart: resumableUploads(api, prefix),
    ...(presign && {
      presign: (name, request) => presign({ operation: "presign", store: storeName, key: request.key }, name, request),
    }),
    close,
  };
}

function capabilitiesOf(prefix: string, signs: boolean): StoreCapabilities {
  return {
    putModes: new Set(["create", "ifMatch"]),
    conditionalDelete: true,
    checksums: new Set(["md5", "crc32c"]),
    ranges: true,
    presign: new Set(signs ? ["GET", "PUT", "DELETE"] : []),
    serverSideCopy: true,
    atomicMove: false,
    // Whether the bucket keeps versions takes a permission of its own to ask.
    versions: false,
    metadata: true,
    bulkDelete: 1,
    caseSensitive: true,
    durableOnReturn: true,
    // A whole name has at most 1,024 bytes.
    maxKeyBytes: maxKeyBytes - utf8Length(prefix),
  };
}
