import type {
  Bytes,
  GetResult,
  MinimalStore,
  MultipartUpload,
  ObjectKey,
  ObjectStore,
  PutMode,
  PutOptions,
  PutResult,
  StoreCapabilities,
} from "@mortise/core";
import type { CompleteOptions, OperationSite } from "@mortise/store-kit";
import {
  bufferedResult,
  checkDigests,
  chunksOf,
  collect,
  completeStore,
  createDigester,
  digestEntries,
  resolveRange,
  storeError,
  streamedResult,
} from "@mortise/store-kit";
import type { MemoryContent, StoredObject } from "./content.ts";
import { createMemoryContent, infoOf } from "./content.ts";
import { listPages } from "./list.ts";
import { memoryMultipart, memoryPartLimits } from "./multipart.ts";

/** How a memory store behaves; without options it can do everything. */
export interface MemoryStoreOptions extends CompleteOptions {
  /** Switches capabilities off, to see what callers do without them. */
  readonly capabilities?: Partial<StoreCapabilities> | undefined;
  /** Opens another store's content. Default: none. */
  readonly content?: MemoryContent | undefined;
  /** Bytes in one chunk of a body; bodies up to this come in one piece. Default 64 KiB. */
  readonly chunkBytes?: number | undefined;
  /** Limits of uploads in parts; `false`: none of them. Default: parts of 1 byte to 1 GiB, 10 000 of them. */
  readonly multipart?: MultipartUpload["limits"] | false | undefined;
}

/** What the memory store can do when nothing is switched off. */
export const memoryCapabilities: StoreCapabilities = {
  putModes: new Set(["create", "ifMatch"]),
  conditionalDelete: true,
  checksums: new Set(["md5", "sha256", "crc32c"]),
  ranges: true,
  presign: new Set(),
  serverSideCopy: true,
  atomicMove: true,
  versions: false,
  metadata: true,
  bulkDelete: 1,
  caseSensitive: true,
  durableOnReturn: false,
  maxKeyBytes: 1024,
};

/** A store in the memory of this process: for tests, and as the shortest example of a backend. */
export function createMemoryStore(options: MemoryStoreOptions = {}): ObjectStore {
  return completeStore(createMinimalMemoryStore(options), { storeName: "memory", ...options });
}

/** The five operations alone, as a backend writes them. */
export function createMinimalMemoryStore(options: MemoryStoreOptions = {}): MinimalStore {
  const { content = createMemoryContent(), chunkBytes = 64 * 1024, multipart = memoryPartLimits } = options;
  const capabilities = { ...memoryCapabilities, ...options.capabilities };
  const { objects } = content;
  const at = (operation: string, key?: ObjectKey): OperationSite => ({
    operation,
    store: options.storeName ?? "memory",
    key,
  });

  function find(site: OperationSite, key: ObjectKey): StoredObject {
    const object = objects.get(key);
    if (object === undefined) throw storeError(site, "not-found", "there is no such object");
    return object;
  }
  function checkMode(site: OperationSite, key: ObjectKey, mode: PutMode = "overwrite"): void {
    const present = objects.get(key);
    if (mode === "create" && present !== undefined) throw storeError(site, "already-exists", "the object exists");
    if (typeof mode === "object" && present?.etag !== mode.ifMatch) {
      throw storeError(site, "precondition-failed", "the object is not the one that ifMatch names");
    }
  }
  function store(key: ObjectKey, object: Omit<StoredObject, "etag" | "lastModified">): PutResult {
    const etag = content.nextEtag();
    objects.set(key, { ...object, etag, lastModified: new Date() });
    return { size: object.bytes.byteLength, etag, checksums: object.checksums };
  }
  function digests(site: OperationSite, bytes: Bytes, call: PutOptions): StoredObject["checksums"] {
    const expected = digestEntries(call.expect).map(([algorithm]) => algorithm);
    const digester = createDigester(site, [...expected, ...(call.compute ?? [])]);
    digester?.update(bytes);
    const found = digester?.digest() ?? {};
    checkDigests(site, call.expect, found);
    return Object.fromEntries(digestEntries(found).filter(([algorithm]) => call.compute?.includes(algorithm) === true));
  }
  function write(site: OperationSite, key: ObjectKey, bytes: Bytes, call: PutOptions): PutResult {
    const checksums = digests(site, bytes, call);
    checkMode(site, key, call.mode);
    return store(key, { bytes, contentType: call.contentType, metadata: call.metadata, checksums });
  }
  function copy(operation: string, from: ObjectKey, to: ObjectKey, call: PutOptions): PutResult {
    const site = at(operation, from);
    const { bytes, contentType, metadata, checksums } = find(site, from);
    checkMode({ ...site, key: to }, to, call.mode);
    return store(to, { bytes, contentType, metadata, checksums });
  }

  return {
    protocol: "memory",
    baseUrl: "memory://",
    capabilities,
    async put(key, body, call = {}) {
      const site = at("put", key);
      // A copy, as slice() of a Buffer is none: what the caller does with the array afterwards must not change the object.
      const bytes = body instanceof Uint8Array ? new Uint8Array(body) : await collect(chunksOf(body));
      call.signal?.throwIfAborted();
      return write(site, key, bytes, call);
    },
    async get(key, call = {}): Promise<GetResult> {
      const site = at("get", key);
      const object = find(site, key);
      if (call.ifMatch !== undefined && call.ifMatch !== object.etag) {
        throw storeError(site, "precondition-failed", "the object is not the one that ifMatch names");
      }
      const range = resolveRange(site, call.range, object.bytes.byteLength);
      const bytes = object.bytes.slice(range.offset, range.offset + range.length);
      const info = infoOf(key, object);
      if (bytes.byteLength <= chunkBytes) return bufferedResult(info, range, bytes);
      return streamedResult(info, range, views(bytes, chunkBytes));
    },
    head: async (key) => infoOf(key, find(at("head", key), key)),
    async *list(call = {}) {
      for (const page of listPages(content, call)) yield await Promise.resolve(page);
    },
    async delete(key, call = {}) {
      const present = objects.get(key);
      if (present === undefined) return "absent";
      if (call.ifMatch !== undefined && call.ifMatch !== present.etag) {
        throw storeError(at("delete", key), "precondition-failed", "the object is not the one that ifMatch names");
      }
      objects.delete(key);
      return "deleted";
    },
    copy: async (from, to, call = {}) => copy("copy", from, to, call),
    async move(from, to, call = {}) {
      const result = copy("move", from, to, call);
      objects.delete(from);
      return result;
    },
    ...(multipart === false ? {} : { multipart: memoryMultipart({ content, limits: multipart, site: at, write }) }),
    close: () => Promise.resolve(),
    async [Symbol.asyncDispose]() {},
  };
}

async function* views(bytes: Bytes, size: number): AsyncGenerator<Bytes> {
  for (let start = 0; start < bytes.byteLength; start += size) yield bytes.subarray(start, start + size);
}
