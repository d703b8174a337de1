import type { StoreCapabilities } from "@mortise/core";
import { maxKeyBytes, utf8Length } from "@mortise/core";
import type { CloudBackend } from "@mortise/store-kit/cloud";
import { createDeleteBatch } from "./bulk/delete-batch.ts";
import type { Target } from "./connect/connection.ts";
import { createCopy } from "./copy/copy.ts";
import { createList } from "./listing/list.ts";
import { createMultipart } from "./multipart/multipart.ts";
import { createDelete } from "./object/delete.ts";
import { createGet, createHead } from "./object/get.ts";
import { createPut } from "./object/put.ts";
import { createPresign } from "./presign/presign.ts";
import { createSdk } from "./sdk/client.ts";
import { createSend } from "./wire/send.ts";

/** What the backend of one store is made of. */
export interface BackendOptions {
  readonly target: Target;
  readonly baseUrl: string;
  /** Empty, or ending in a slash. */
  readonly prefix: string;
  readonly storeName: string;
  /** Whether checksum headers are sent beside the signed SHA-256. */
  readonly checksums: boolean;
  readonly publicEndpoint: string | undefined;
}

/** What Amazon documents; what another server does not keep is found out by the probe. */
function capabilitiesOf(prefix: string): StoreCapabilities {
  return {
    putModes: new Set(["create", "ifMatch"]),
    conditionalDelete: true,
    // The SHA-256 that is signed is compared by every server; other digests are computed here while the body passes.
    checksums: new Set(),
    ranges: true,
    presign: new Set(["GET", "PUT", "HEAD", "DELETE"]),
    serverSideCopy: true,
    atomicMove: false,
    // A bucket may have them, but nothing reads an object by its version yet.
    versions: false,
    metadata: true,
    bulkDelete: 1000,
    bulkDeleteBlind: true,
    caseSensitive: true,
    durableOnReturn: true,
    maxKeyBytes: maxKeyBytes - utf8Length(prefix),
  };
}

/** Bodies up to this go in one request; above, parts are resumed and sent in parallel. */
const singlePutBytes = 16 * 1024 * 1024;

/** One bucket of an S3 server. */
export function createBackend(options: BackendOptions): CloudBackend {
  const { target, prefix, checksums } = options;
  const send = createSend(target);
  const sdk = createSdk(target);
  const head = createHead(send);
  const put = createPut(send, checksums);
  return {
    protocol: "s3",
    baseUrl: options.baseUrl,
    endpoint: target.server.endpoint,
    prefix,
    capabilities: capabilitiesOf(prefix),
    singlePutBytes,
    put,
    get: createGet(send),
    head,
    list: createList(sdk, target.bucket),
    blindDelete: true,
    delete: createDelete(send, head),
    deleteBatch: createDeleteBatch(target, sdk),
    copy: createCopy({ target, sdk, put }),
    multipart: createMultipart({ target, sdk, send, head, checksums }),
    presign: createPresign(target, sdk, options.storeName, options.publicEndpoint),
    close: () => target.transport.close(),
  };
}
