import type { StoreCapabilities } from "@mortise/core";
import { maxKeyBytes } from "@mortise/core";
import type { CloudBackend } from "@mortise/store-kit/cloud";
import { copyBlob } from "./copy/copy.ts";
import { listBlobs } from "./listing/list.ts";
import type { Container } from "./objects/container.ts";
import { deleteBlob } from "./objects/delete.ts";
import { getBlob } from "./objects/get.ts";
import { headBlob } from "./objects/head.ts";
import { putBlob } from "./objects/put.ts";
import { deleteBatch, maxBatch } from "./sdk/delete-batch.ts";
import { presignBlob } from "./sdk/presign.ts";
import { sasSigner } from "./sdk/sas.ts";
import { blockUploads } from "./uploads/multipart.ts";
import type { Wire } from "./wire/wire.ts";

/** What a backend is made of. */
export interface BackendParts {
  readonly wire: Wire;
  readonly container: string;
  /** Empty, or ending in a slash. */
  readonly prefix: string;
  readonly baseUrl: string;
  readonly publicOrigin: string | undefined;
  readonly storeName: string;
}

const putModes: StoreCapabilities["putModes"] = new Set(["create", "ifMatch"]);
const checksums: StoreCapabilities["checksums"] = new Set(["md5"]);
const methods: StoreCapabilities["presign"] = new Set(["GET", "PUT", "HEAD", "DELETE"]);

/** Blob Storage as `cloudStore` wants it. */
export function azureBackend(parts: BackendParts): CloudBackend {
  const { wire, prefix, publicOrigin, storeName } = parts;
  const { origin, basePath, authorizer } = wire.account;
  let versions = false;
  const container: Container = {
    wire,
    name: parts.container,
    onVersion() {
      versions = true;
    },
  };
  const sign = sasSigner(container);
  // Whoever was given a signature can't make a lesser one of it.
  const presigns = authorizer.kind !== "sas";
  return {
    protocol: "azure",
    baseUrl: parts.baseUrl,
    endpoint: origin + basePath,
    prefix,
    singlePutBytes: 8 * 1024 * 1024,
    get capabilities() {
      return capabilitiesOf(versions, presigns);
    },
    put: (name, body, call) => putBlob(container, name, body, call),
    get: (name, call) => getBlob(container, name, call),
    head: (name, call) => headBlob(container, name, call),
    list: (call) => listBlobs(container, call),
    delete: (name, call) => deleteBlob(container, name, call),
    deleteBatch: (names, call) => deleteBatch(container, sign, names, call),
    copy: (to, call) => copyBlob(container, sign, to, call),
    multipart: blockUploads(container),
    ...(presigns
      ? {
          presign: (name, request) =>
            presignBlob(container, sign, publicOrigin, name, request, {
              site: { operation: "presign", store: storeName, key: request.key },
            }),
        }
      : {}),
    close: () => wire.close(),
  };
}

const none: StoreCapabilities["presign"] = new Set();

function capabilitiesOf(versions: boolean, presigns: boolean): StoreCapabilities {
  return {
    putModes,
    conditionalDelete: true,
    checksums,
    ranges: true,
    presign: presigns ? methods : none,
    serverSideCopy: true,
    atomicMove: false,
    versions,
    metadata: true,
    bulkDelete: maxBatch,
    caseSensitive: true,
    durableOnReturn: true,
    maxKeyBytes,
  };
}
