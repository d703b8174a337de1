import type { Logger, MinimalStore, ObjectKey, ObjectStore, OperationOptions, PutOptions } from "@mortise/core";
import { silentLogger } from "@mortise/core";
import { completeStore } from "../complete/complete-store.ts";
import type { CompleteOptions } from "../complete/options.ts";
import { checkLimits } from "../complete/options.ts";
import { watchForgotten } from "../lifecycle/forgotten.ts";
import { createSemaphore } from "../limits/semaphore.ts";
import type { PartOptions } from "../multipart/contract.ts";
import { uploadParts } from "../multipart/upload-parts.ts";
import type { ProbeReport } from "../probe/contract.ts";
import { narrowCapabilities } from "../probe/narrow.ts";
import type { RetryOptions } from "../retry/retrier.ts";
import { createRetrier } from "../retry/retrier.ts";
import type { CloudBackend } from "./backend.ts";
import type { CloudContext } from "./context.ts";
import { copyObject } from "./copy.ts";
import { deleteObject } from "./delete.ts";
import { deleteInBatches } from "./delete-many.ts";
import { findOut } from "./find-out.ts";
import { getObject, headObject } from "./get.ts";
import { infoOf } from "./info.ts";
import { listObjects } from "./list.ts";
import { cloudMultipart } from "./multipart.ts";
import type { PutInParts } from "./put.ts";
import { putObject } from "./put.ts";

/** How a store on the network runs; each has a default. */
export interface CloudStoreOptions extends CompleteOptions {
  readonly retry?: RetryOptions | undefined;
  /** How bodies that are too long for one request are cut. */
  readonly parts?: PartOptions | undefined;
  /**
   * Default true: before the first write the server is tried (about 100 small requests, once in seven days per bucket and
   * endpoint), and what it was not seen to keep is taken from `capabilities`. With false the provider's word is believed.
   */
  readonly probe?: boolean | undefined;
  /** Told what a probe found, and of results that were never disposed. Default: drops everything. */
  readonly logger?: Logger | undefined;
}

/** What copies do with conditions, as long as no probe has said otherwise. */
const trusted = { copy: true };

/**
 * The operations of a store over a backend that makes one attempt at a time: keys for names, retries, answers that were
 * lost, bodies of any size, and `prepare`, which finds out what the server really does.
 */
export function cloudStore(backend: CloudBackend, options: CloudStoreOptions = {}): MinimalStore {
  const { storeName = backend.protocol, byteBudget = 64 * 1024 * 1024, parts, logger = silentLogger } = options;
  checkLimits(storeName, {
    byteBudget,
    "parts.partBytes": parts?.partBytes,
    "parts.concurrency": parts?.concurrency,
    "retry.attempts": options.retry?.attempts,
  });
  let capabilities = backend.capabilities;
  let report: ProbeReport | undefined;
  let preparing: Promise<void> | undefined;
  const context: CloudContext = {
    backend,
    retrier: createRetrier(options.retry),
    budget: createSemaphore(byteBudget),
    forgotten: watchForgotten(logger, storeName, (body) => void body.release().catch(() => undefined)),
    site: (operation, key) => ({ operation, store: storeName, key }),
    decidesDeletes: () => capabilities.conditionalDelete && (report !== undefined || options.probe === false),
  };
  const multipart = cloudMultipart(context);
  const copy = backend.copy?.bind(backend);
  const deleteBatch = backend.deleteBatch?.bind(backend);
  const presign = backend.presign?.bind(backend);
  const inParts: PutInParts = (site, key, chunks, call) =>
    uploadParts(multipart, site, key, chunks, { ...parts, ...call });

  const store: MinimalStore = {
    protocol: backend.protocol,
    baseUrl: backend.baseUrl,
    get capabilities() {
      return capabilities;
    },
    put: (key, body, call = {}) => putObject(context, inParts, key, body, call),
    get: (key, call = {}) => getObject(context, key, call),
    head: async (key, call = {}) => infoOf(key, await headObject(context, context.site("head", key), key, call)),
    list: (call = {}) => listObjects(context, call),
    delete: (key, call = {}) => deleteObject(context, key, call),
    multipart,
    ...(copy && {
      copy(from: ObjectKey, to: ObjectKey, call: PutOptions = {}) {
        const { create = trusted, ifMatch = trusted } = report?.capabilities ?? {};
        const kept = { create: create.copy !== false, ifMatch: ifMatch.copy !== false };
        return copyObject(context, copy, store, from, to, call, kept);
      },
    }),
    ...(deleteBatch && {
      deleteMany: (keys, call = {}) => deleteInBatches(context, deleteBatch, keys, call),
    }),
    ...(presign && { presign: (request) => presign(backend.prefix + request.key, request) }),
    close: () => backend.close(),
    [Symbol.asyncDispose]: () => backend.close(),
  };
  if (options.probe === false) return store;

  async function prepare(signal: AbortSignal | undefined): Promise<void> {
    const found = await findOut(backend, store, storeName, signal);
    for (const { id, lie, hint } of found.findings)
      logger.warn(`the server of store "${storeName}" ${lie}`, { id, hint });
    report = found;
    capabilities = narrowCapabilities(backend.capabilities, found.capabilities);
  }
  return Object.assign(store, {
    async prepare(call: OperationOptions = {}): Promise<void> {
      preparing ??= prepare(call.signal);
      try {
        await preparing;
      } catch (error) {
        // The next write tries again: it may be allowed to, or the server may be back.
        preparing = undefined;
        throw error;
      }
    },
  });
}

/** The same as a whole store. */
export async function openCloudStore(backend: CloudBackend, options: CloudStoreOptions = {}): Promise<ObjectStore> {
  return completeStore(cloudStore(backend, options), options);
}
