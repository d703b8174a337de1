import type { MinimalStore, ObjectKey, ObjectStore } from "@mortise/core";
import { completeStore } from "../complete/complete-store.ts";
import type { CompleteOptions } from "../complete/options.ts";
import { createSemaphore } from "../limits/semaphore.ts";
import type { PartOptions } from "../multipart/contract.ts";
import { uploadParts } from "../multipart/upload-parts.ts";
import type { RetryOptions } from "../retry/retrier.ts";
import { createRetrier } from "../retry/retrier.ts";
import type { CloudBackend } from "./backend.ts";
import type { CloudContext } from "./context.ts";
import { copyObject } from "./copy.ts";
import { deleteObject } from "./delete.ts";
import { deleteInBatches } from "./delete-many.ts";
import { getObject, headObject } from "./get.ts";
import { infoOf } from "./info.ts";
import { listObjects } from "./list.ts";
import { cloudMultipart } from "./multipart.ts";
import { putObject } from "./put.ts";

/** How a store on the network runs; each has a default. */
export interface CloudStoreOptions extends CompleteOptions {
  readonly retry?: RetryOptions | undefined;
  readonly parts?: PartOptions | undefined;
}

/** The five operations and more, over a backend that does one attempt at a time. */
export function cloudStore(backend: CloudBackend, options: CloudStoreOptions = {}): MinimalStore {
  const { storeName = backend.protocol, byteBudget = 64 * 1024 * 1024, parts } = options;
  const context: CloudContext = {
    backend,
    retrier: createRetrier(options.retry),
    budget: createSemaphore(byteBudget),
    site: (operation, key) => ({ operation, store: storeName, key }),
  };
  const multipart = cloudMultipart(context);
  const { copy, deleteBatch, presign } = backend;
  const store: MinimalStore = {
    protocol: backend.protocol,
    baseUrl: backend.baseUrl,
    capabilities: backend.capabilities,
    put: (key, body, call = {}) =>
      putObject(
        context,
        (site, each, chunks, rest) =>
          uploadParts(multipart, site, each, chunks, { ...parts, ...rest, budget: context.budget }),
        key,
        body,
        call,
      ),
    get: (key, call = {}) => getObject(context, key, call),
    head: async (key, call = {}) => infoOf(key, await headObject(context, context.site("head", key), key, call)),
    list: (call = {}) => listObjects(context, call),
    delete: (key, call = {}) => deleteObject(context, key, call),
    multipart,
    ...(copy && {
      copy: (from: ObjectKey, to: ObjectKey, call = {}) =>
        copyObject(context, copy.bind(backend), store, from, to, call, { create: true, ifMatch: true }),
    }),
    ...(deleteBatch && {
      deleteMany: (keys, call = {}) => deleteInBatches(context, deleteBatch.bind(backend), keys, call),
    }),
    ...(presign && { presign: (request) => presign.call(backend, backend.prefix + request.key, request) }),
    close: () => backend.close(),
    async [Symbol.asyncDispose]() {
      await backend.close();
    },
  };
  return store;
}

/** The same as a whole store. */
export async function openCloudStore(backend: CloudBackend, options: CloudStoreOptions = {}): Promise<ObjectStore> {
  return completeStore(cloudStore(backend, options), options);
}
