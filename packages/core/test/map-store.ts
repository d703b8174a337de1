/** A store in a Map: the reading and writing half of the contract, enough for the tests of this package. */
import type { ByteSource, Bytes } from "../src/bytes.ts";
import { StoreError } from "../src/errors.ts";
import type { ObjectKey } from "../src/keys/object-key.ts";
import { compareKeys } from "../src/keys/utf8.ts";
import type { ReadableStore } from "../src/sections/reference-access.ts";
import type { WritableStore } from "../src/sections/section-target.ts";
import type { GetResult, ObjectInfo } from "../src/store/contract.ts";

export interface MapStore extends ReadableStore, WritableStore {
  readonly objects: Map<string, Bytes>;
  /** Every call, in order, for example `put raw/x create`. */
  readonly calls: string[];
}

const chunkBytes = 64 * 1024;

async function readAll(source: ByteSource): Promise<Bytes> {
  if (source instanceof Uint8Array) return source.slice();
  const chunks: Bytes[] = [];
  for await (const chunk of source instanceof Blob ? source.stream() : source) chunks.push(chunk.slice());
  return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
}

export function createMapStore(putModes: readonly "create"[] = ["create"]): MapStore {
  const objects = new Map<string, Bytes>();
  const calls: string[] = [];
  const infoOf = (key: ObjectKey): ObjectInfo => {
    const bytes = objects.get(key);
    if (bytes !== undefined) return { key, size: bytes.length, lastModified: new Date(0) };
    throw new StoreError("not-found", `${key} is not there`, { operation: "head", store: "map", key });
  };
  const get = async (key: ObjectKey): Promise<GetResult> => {
    calls.push(`get ${key}`);
    const info = infoOf(key);
    const bytes = objects.get(key) ?? new Uint8Array();
    let offset = 0;
    return {
      info,
      range: { offset: 0, length: bytes.length },
      body: new ReadableStream<Bytes>({
        pull(controller) {
          if (offset < bytes.length) controller.enqueue(bytes.slice(offset, (offset += chunkBytes)));
          else controller.close();
        },
      }),
      bytes: async () => bytes,
      [Symbol.asyncDispose]: async () => undefined,
    };
  };
  return {
    objects,
    calls,
    protocol: "map",
    baseUrl: "map://root",
    capabilities: { putModes: new Set(putModes) },
    get,
    async head(key) {
      calls.push(`head ${key}`);
      return infoOf(key);
    },
    async put(key, body, options = {}) {
      calls.push(`put ${key} ${typeof options.mode === "string" ? options.mode : "ifMatch"}`);
      if (options.mode === "create" && objects.has(key)) {
        throw new StoreError("already-exists", `${key} is there`, { operation: "put", store: "map", key });
      }
      const bytes = await readAll(body);
      objects.set(key, bytes);
      return { size: bytes.length, checksums: {} };
    },
    async getRanges(key) {
      return [objects.get(key) ?? new Uint8Array()];
    },
    async *list({ prefix = "" } = {}) {
      const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort(compareKeys);
      yield { objects: keys.map((key) => infoOf(key as ObjectKey)), prefixes: [] };
    },
    async presign({ method, key }) {
      return { method, url: `map://root/${key}`, headers: {}, expiresAt: new Date(0) };
    },
  };
}
