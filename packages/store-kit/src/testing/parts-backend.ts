import type { Bytes } from "@mortise/core";
import { digest, silentLogger } from "@mortise/core";
import type {
  CloudBackend,
  CloudBody,
  CloudMultipart,
  CloudObject,
  CloudPart,
  CloudRead,
  CloudWrite,
} from "../cloud/backend.ts";
import type { CloudContext } from "../cloud/context.ts";
import { storeError } from "../errors.ts";
import { watchForgotten } from "../lifecycle/forgotten.ts";
import { createSemaphore } from "../limits/semaphore.ts";
import { createRetrier } from "../retry/retrier.ts";
import { chunksOf } from "../streams/source.ts";

type Request = "start" | "part" | "parts" | "complete" | "abort" | "list" | "head" | "get";

/** What a test makes the server do. */
export interface PartsBackendOptions {
  readonly limits?: Partial<CloudMultipart["limits"]> | undefined;
  /** Called before a request is carried out, with how many of its kind came before: throwing refuses it. */
  readonly before?: ((request: Request, nth: number) => void) | undefined;
  /** Called when a request was carried out: throwing loses its answer. */
  readonly after?: ((request: Request, nth: number) => void) | undefined;
  /** Whether the server tells MD5s of parts, and ETags of objects that are made of them. Default true. */
  readonly md5?: boolean | undefined;
  /** Whether ETags of objects are made of the MD5s of their parts, as S3's are. Default: where MD5s are told. */
  readonly composite?: boolean | undefined;
}

/** The uploads of one server: no keys, no retries. */
export interface PartsBackend {
  readonly context: CloudContext;
  readonly objects: Map<string, { readonly bytes: Bytes; readonly object: CloudObject }>;
  readonly uploads: Map<string, Map<number, Bytes>>;
  /** How often each request came. */
  readonly counts: Map<Request, number>;
  /** Another writer's object. */
  put(name: string, bytes: Bytes, lastModified?: Date): void;
}

const site = { operation: "test", store: "cloud" };

/** A retryable failure: the request may have been carried out. */
export function lost(): Error {
  return storeError(site, "unavailable", "the connection was reset");
}

/** A server that has uploads in parts and `head`, and its context with retries that do not wait. */
export function createPartsBackend(options: PartsBackendOptions = {}): PartsBackend {
  const objects: PartsBackend["objects"] = new Map();
  const uploads: PartsBackend["uploads"] = new Map();
  const counts: PartsBackend["counts"] = new Map();
  const limits = { minPart: 1, maxPart: 1_000, maxParts: 100, ...options.limits };
  const md5Of = (bytes: Bytes): string | undefined => (options.md5 === false ? undefined : digest("md5", bytes));
  let started = 0;

  function run<T>(request: Request, work: () => T): T {
    const nth = counts.get(request) ?? 0;
    counts.set(request, nth + 1);
    options.before?.(request, nth);
    const answer = work();
    options.after?.(request, nth);
    return answer;
  }
  function put(name: string, bytes: Bytes, lastModified: Date = new Date(), etag: string = crypto.randomUUID()): void {
    objects.set(name, { bytes, object: { name, size: bytes.byteLength, lastModified, etag } });
  }
  function partsOf(id: string): Map<number, Bytes> {
    const parts = uploads.get(id);
    if (parts === undefined) throw storeError(site, "not-found", "there is no such upload");
    return parts;
  }
  const described = (number: number, bytes: Bytes): CloudPart => {
    const md5 = md5Of(bytes);
    return { number, size: bytes.byteLength, token: `t${number}`, md5 };
  };
  function finish(name: string, id: string, parts: readonly CloudPart[], { mode }: CloudWrite): { etag?: string } {
    const there = partsOf(id);
    if (mode === "create" && objects.has(name)) throw storeError(site, "already-exists", "it exists");
    const bodies = parts.map(({ number }) => there.get(number) ?? new Uint8Array());
    const digests = Buffer.concat(bodies.map((bytes) => Buffer.from(digest("md5", bytes), "hex")));
    put(
      name,
      Buffer.concat(bodies),
      new Date(),
      (options.composite ?? options.md5) === false ? undefined : `${digest("md5", digests)}-${bodies.length}`,
    );
    uploads.delete(id);
    const etag = objects.get(name)?.object.etag;
    return etag === undefined ? {} : { etag };
  }

  const multipart: CloudMultipart = {
    limits,
    start: async (name) =>
      run("start", () => {
        const id = `${name}#${++started}`;
        uploads.set(id, new Map());
        return id;
      }),
    uploadPart: async (_name, id, { number, offset, body }) =>
      run("part", () => {
        const parts = partsOf(id);
        if (limits.sequential === true) checkOffset(parts, offset);
        parts.set(limits.sequential === true ? parts.size + 1 : number, new Uint8Array(body));
        return described(number, body);
      }),
    parts: async (_name, id) =>
      run("parts", () =>
        [...partsOf(id)].sort(([one], [other]) => one - other).map(([number, bytes]) => described(number, bytes)),
      ),
    complete: async (name, id, parts, call) => run("complete", () => finish(name, id, parts, call)),
    abort: async (_name, id) => run("abort", () => void uploads.delete(id)),
    async *list() {
      const found = run("list", () => [...uploads.keys()]);
      for (const id of found) yield await Promise.resolve({ name: id.split("#")[0] ?? "", id, startedAt: new Date() });
    },
  };
  const backend = {
    protocol: "cloud",
    prefix: "lab/",
    capabilities: { checksums: new Set(["md5"]) },
    multipart,
    head: async (name: string) =>
      run("head", () => {
        const found = objects.get(name);
        if (found === undefined) throw storeError(site, "not-found", "there is no such object");
        return found.object;
      }),
    get: async (name: string, { range }: CloudRead): Promise<CloudBody> =>
      run("get", () => {
        const found = objects.get(name);
        if (found === undefined) throw storeError(site, "not-found", "there is no such object");
        const { offset = 0, length = found.bytes.byteLength } = range ?? {};
        const bytes = found.bytes.subarray(offset, offset + length);
        const release = (): Promise<void> => Promise.resolve();
        return { object: found.object, range: { offset, length }, bytes, chunks: chunksOf(bytes), release };
      }),
  } as unknown as CloudBackend;
  return {
    context: {
      backend,
      retrier: createRetrier({ attempts: 4 }, { sleep: () => Promise.resolve() }),
      budget: createSemaphore(1e6),
      site: (operation, key) => ({ operation, store: "cloud", key }),
      decidesDeletes: () => false,
      forgotten: watchForgotten(silentLogger, "cloud", () => undefined),
    },
    objects,
    uploads,
    counts,
    put,
  };
}

/** A server whose uploads only grow refuses a part that leaves a gap or overlaps. */
function checkOffset(parts: ReadonlyMap<number, Bytes>, offset: number): void {
  const size = [...parts.values()].reduce((sum, bytes) => sum + bytes.byteLength, 0);
  if (offset !== size) throw storeError(site, "protocol", `the part begins at ${offset}, the upload has ${size} bytes`);
}
