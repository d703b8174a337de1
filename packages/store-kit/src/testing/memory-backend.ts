import type { Bytes, PutMode } from "@mortise/core";
import { digest } from "@mortise/core";
import type { CloudBackend, CloudCall, CloudObject, CloudPart, CloudRead } from "../cloud/backend.ts";
import type { OperationSite } from "../errors.ts";
import { storeError } from "../errors.ts";
import { resolveRange } from "../ranges/resolve.ts";
import { chunksOf } from "../streams/source.ts";
import { listNames } from "./list-names.ts";

/** What a request wants to do, for the faults of a test. */
export interface MemoryRequest {
  readonly kind: string;
  readonly name: string;
}

export interface MemoryBackendOptions {
  /** Called before a request has an effect: throwing refuses it. */
  readonly before?: ((request: MemoryRequest) => void) | undefined;
  /** Called after its effect: throwing loses the answer. */
  readonly after?: ((request: MemoryRequest) => void) | undefined;
  /** The chunks of a body that is read; a test cuts them. */
  readonly body?: ((bytes: Bytes) => AsyncIterable<Bytes>) | undefined;
  /** Bodies up to this come whole. Default 64 KiB. */
  readonly wholeBytes?: number | undefined;
  readonly singlePutBytes?: number | undefined;
  /** Whether `head` tells the MD5. Default true. */
  readonly md5?: boolean | undefined;
  /** Conditions are accepted and not looked at, as some servers do. */
  readonly ignoresConditions?: boolean | undefined;
  /** `delete` does not tell what was there, as S3 does not. */
  readonly blindDelete?: boolean | undefined;
}

export interface MemoryObject {
  readonly bytes: Bytes;
  readonly object: CloudObject;
}

let versions = 0;

/** A whole cloud in memory: one attempt per call, names, no keys. */
export function createMemoryBackend(options: MemoryBackendOptions = {}): CloudBackend & {
  readonly objects: Map<string, MemoryObject>;
} {
  const objects = new Map<string, MemoryObject>();
  const { wholeBytes = 64 * 1024, before, after } = options;
  const uploads = new Map<string, { readonly name: string; readonly parts: Map<number, Bytes> }>();

  function run<T>(kind: string, name: string, call: CloudCall, work: () => T): T {
    call.signal?.throwIfAborted();
    before?.({ kind, name });
    const result = work();
    after?.({ kind, name });
    return result;
  }
  function find(site: OperationSite, name: string): MemoryObject {
    const found = objects.get(name);
    if (found === undefined) throw storeError(site, "not-found", "there is no such object", { status: 404 });
    return found;
  }
  function check(site: OperationSite, name: string, mode: PutMode): void {
    if (options.ignoresConditions === true) return;
    const etag = objects.get(name)?.object.etag;
    if (mode === "create" && etag !== undefined) throw storeError(site, "already-exists", "the object exists");
    if (typeof mode === "object" && etag !== mode.ifMatch) throw storeError(site, "precondition-failed", "stale");
  }
  function write(name: string, bytes: Bytes, from: Partial<CloudObject>): CloudObject {
    const { contentType, metadata } = from;
    const object: CloudObject = {
      name,
      size: bytes.byteLength,
      lastModified: new Date(),
      etag: `v${++versions}`,
      contentType,
      metadata,
      checksums: options.md5 === false ? undefined : { md5: digest("md5", bytes) },
    };
    objects.set(name, { bytes: new Uint8Array(bytes), object });
    return object;
  }
  function read(site: OperationSite, name: string, call: CloudRead): Awaited<ReturnType<CloudBackend["get"]>> {
    const { bytes, object } = find(site, name);
    if (call.ifMatch !== undefined && call.ifMatch !== object.etag && options.ignoresConditions !== true) {
      throw storeError(site, "precondition-failed", "the object is not the one that ifMatch names");
    }
    const range = resolveRange(site, call.range, bytes.byteLength);
    const part = bytes.slice(range.offset, range.offset + range.length);
    const chunks = options.body?.(part) ?? chunksOf(part);
    return { object, range, bytes: part.byteLength <= wholeBytes ? part : undefined, chunks, release: async () => {} };
  }
  function remove(site: OperationSite, name: string, ifMatch?: string): "deleted" | "absent" | "unknown" {
    if (ifMatch !== undefined) check(site, name, { ifMatch });
    const gone = objects.delete(name);
    if (options.blindDelete === true) return "unknown";
    return gone ? "deleted" : "absent";
  }
  const partsOf = (site: OperationSite, id: string): Map<number, Bytes> => {
    const upload = uploads.get(id);
    if (upload === undefined) throw storeError(site, "not-found", "there is no such upload");
    return upload.parts;
  };
  const part = (number: number, bytes: Bytes): CloudPart => ({ number, size: bytes.byteLength, token: `t${number}` });

  return {
    objects,
    protocol: "cloud",
    baseUrl: "cloud://bucket/lab",
    endpoint: "https://cloud.example",
    prefix: "lab/",
    capabilities: {
      putModes: new Set(["create", "ifMatch"]),
      conditionalDelete: true,
      checksums: new Set(),
      ranges: true,
      presign: new Set(),
      serverSideCopy: true,
      atomicMove: false,
      versions: false,
      metadata: true,
      bulkDelete: 3,
      bulkDeleteBlind: options.blindDelete,
      caseSensitive: true,
      durableOnReturn: false,
      maxKeyBytes: 1_000,
    },
    singlePutBytes: options.singlePutBytes ?? 256 * 1024,
    blindDelete: options.blindDelete,
    put: async (name, body, call) =>
      run("put", name, call, () => {
        check(call.site, name, call.mode);
        return write(name, body, call);
      }),
    get: async (name, call) => run("get", name, call, () => read(call.site, name, call)),
    head: async (name, call) => run("head", name, call, () => find(call.site, name).object),
    list: async (call) => run("list", call.prefix, call, () => listNames(objects, call)),
    delete: async (name, call) => run("delete", name, call, () => remove(call.site, name, call.ifMatch)),
    deleteBatch: async (names, call) =>
      run("deleteBatch", "", call, () => new Map(names.map((name) => [name, remove(call.site, name)]))),
    copy: async (to, call) =>
      run("copy", to, call, () => {
        const source = find(call.site, call.source.name);
        check(call.site, to, call.mode);
        return write(to, source.bytes, source.object);
      }),
    multipart: {
      limits: { minPart: 1_024, maxPart: 1024 * 1024, maxParts: 1_000 },
      start: async (name, call) =>
        run("start", name, call, () => {
          const id = `u${++versions}`;
          uploads.set(id, { name, parts: new Map() });
          return id;
        }),
      uploadPart: async (name, id, { number, body }, call) =>
        run("part", name, call, () => {
          partsOf(call.site, id).set(number, new Uint8Array(body));
          return part(number, body);
        }),
      parts: async (name, id, call) =>
        run("parts", name, call, () =>
          [...partsOf(call.site, id)].sort(([a], [b]) => a - b).map((each) => part(...each)),
        ),
      complete: async (name, id, parts, call) =>
        run("complete", name, call, () => {
          const there = partsOf(call.site, id);
          for (const { number } of parts) {
            if (!there.has(number)) throw storeError(call.site, "protocol", `part ${number} was never sent`);
          }
          check(call.site, name, call.mode);
          uploads.delete(id);
          return write(name, Buffer.concat(parts.map(({ number }) => there.get(number) ?? new Uint8Array())), call);
        }),
      abort: async (name, id, call) => run("abort", name, call, () => void uploads.delete(id)),
      async *list(prefix, call) {
        const open = run("uploads", prefix, call, () => [...uploads]);
        for (const [id, { name }] of open) {
          if (name.startsWith(prefix)) yield await Promise.resolve({ name, id, startedAt: new Date() });
        }
      },
    },
    close: async () => {},
  };
}
