import type { Bytes, Multipart, MultipartUpload, ObjectKey, ObjectStore, PutOptions } from "@mortise/core";
import type { Break, BrokenStore } from "./break.ts";
import { broken } from "./break.ts";

/** Changes every upload of a good store, new and continued. */
function uploading(
  change: (good: MultipartUpload, key: ObjectKey, store: ObjectStore) => Partial<MultipartUpload>,
): () => Break {
  return multiparting((multipart, store) => ({
    start: async (key, options) => {
      const good = await multipart.start(key, options);
      return { ...good, ...change(good, key, store) };
    },
    resume: async (key, id, options) => {
      const good = await multipart.resume(key, id, options);
      return { ...good, ...change(good, key, store) };
    },
  }));
}

/** Changes what begins, continues and lists uploads. */
function multiparting(change: (good: Multipart, store: ObjectStore) => Partial<Multipart>): () => Break {
  return () => (good) => {
    const { multipart } = good;
    return multipart === undefined ? {} : { multipart: { ...multipart, ...change(multipart, good) } };
  };
}

/** An upload that puts its parts together itself, by `join`. */
function joining(join: (parts: ReadonlyMap<number, Bytes>, named: readonly number[]) => Bytes): () => Break {
  const kept = new Map<string, Map<number, Bytes>>();
  return uploading((good, key, store) => ({
    async uploadPart(number, part, options) {
      const parts = kept.get(good.id) ?? new Map<number, Bytes>();
      kept.set(good.id, parts.set(number, part));
      return await good.uploadPart(number, part, options);
    },
    async complete(parts, options) {
      const bytes = join(
        kept.get(good.id) ?? new Map(),
        parts.map(({ number }) => number),
      );
      await good.abort();
      return await store.put(key, bytes, { ...options, size: undefined });
    },
  }));
}

const joined = (parts: readonly (Bytes | undefined)[]): Bytes =>
  new Uint8Array(Buffer.concat(parts.map((part) => part ?? new Uint8Array())));
const inOrder = (parts: ReadonlyMap<number, Bytes>): Bytes[] =>
  [...parts].sort(([one], [other]) => one - other).map(([, bytes]) => bytes);
const unconditional = (options: PutOptions = {}): PutOptions => ({ ...options, mode: undefined });

/** Stores that break promises about uploads in parts. */
export const brokenUploads: readonly BrokenStore[] = [
  broken(
    "joins parts as they are named",
    joining((parts, named) => joined(named.map((number) => parts.get(number)))),
  ),
  broken(
    "keeps the caller's array of a part",
    joining((parts) => joined(inOrder(parts))),
  ),
  broken(
    "leaves the last part of an upload out",
    joining((parts) => joined(inOrder(parts).slice(0, -1))),
  ),
  broken(
    "adds a byte to every upload",
    joining((parts) => joined([...inOrder(parts), new Uint8Array(1)])),
  ),
  broken(
    "keeps the first of two parts with one number",
    uploading((good) => ({
      async uploadPart(number, part, options) {
        for await (const there of good.parts()) if (there.number === number) return there;
        return await good.uploadPart(number, part, options);
      },
    })),
  ),
  broken(
    "shows an upload from its start",
    multiparting((good, store) => ({
      async start(key, options) {
        await store.put(key, new Uint8Array());
        return await good.start(key, options);
      },
    })),
  ),
  broken("loses uploads when it is closed", () => (good) => {
    const begun: MultipartUpload[] = [];
    const { multipart } = good;
    if (multipart === undefined) return {};
    return {
      multipart: {
        ...multipart,
        async start(key, options) {
          const upload = await multipart.start(key, options);
          begun.push(upload);
          return upload;
        },
      },
      async close() {
        for (const upload of begun) await upload.abort().catch(() => undefined);
        await good.close();
      },
    };
  }),
  broken(
    "tells no parts",
    uploading(() => ({ async *parts() {} })),
  ),
  broken("knows any upload", () => (good) => {
    const { multipart } = good;
    if (multipart === undefined) return {};
    return {
      multipart: {
        ...multipart,
        async resume(key, id, options) {
          return await multipart.resume(key, id, options).catch(() => multipart.start(key));
        },
      },
    };
  }),
  broken(
    "lists no uploads",
    multiparting(() => ({ async *list() {} })),
  ),
  broken(
    "lists uploads without a prefix only",
    multiparting((good) => ({ list: () => good.list() })),
  ),
  broken(
    "lists uploads of the year 1970",
    multiparting((good) => ({
      async *list(options) {
        for await (const each of good.list(options)) yield { ...each, startedAt: new Date(0) };
      },
    })),
  ),
  broken(
    "aborts nothing",
    uploading(() => ({ abort: () => Promise.resolve() })),
  ),
  broken(
    "can abort once only",
    uploading((good) => {
      let aborted = false;
      return {
        async abort(options) {
          if (aborted) throw new Error("aborted already");
          aborted = true;
          await good.abort(options);
        },
      };
    }),
  ),
  broken(
    "deletes the object when an upload is aborted",
    uploading((good, key, store) => ({
      async abort(options) {
        await good.abort(options);
        await store.delete(key);
      },
    })),
  ),
  broken("writes again when it completes again", () => {
    const ended = new Map<string, Parameters<MultipartUpload["complete"]>[0]>();
    return uploading((good, key, store) => ({
      async complete(parts, options) {
        if (ended.has(good.id)) return await store.put(key, new Uint8Array(700));
        ended.set(good.id, parts);
        return await good.complete(parts, options);
      },
    }))();
  }),
  broken(
    "takes parts that were never sent for empty ones",
    uploading((good) => ({
      async complete(parts, options) {
        const there = new Set<number>();
        for await (const { number } of good.parts()) there.add(number);
        return await good.complete(
          parts.filter(({ number }) => there.has(number)),
          options,
        );
      },
    })),
  ),
  broken(
    "takes any number for a part's",
    uploading((good) => ({
      uploadPart: (number, part, options) =>
        good.uploadPart(number >= 1 && number <= good.limits.maxParts ? Math.ceil(number) : 1, part, options),
    })),
  ),
  broken(
    "takes any key for an upload",
    multiparting((good) => ({ start: (key, options) => good.start(`x${key.length}` as ObjectKey, options) })),
  ),
  broken(
    "forgets type and metadata of uploads",
    multiparting((good) => ({ start: (key, { mode } = {}) => good.start(key, { mode }) })),
  ),
  broken("forgets what complete is told of an object", () => (good) => {
    const plain = uploading((upload) => ({ complete: (parts) => upload.complete(parts) }))()(good).multipart;
    return plain === undefined ? {} : { multipart: { ...plain, start: (key) => plain.start(key) } };
  }),
  broken("does not hear signals in uploads", () => (good) => {
    const plain = uploading((upload) => ({
      uploadPart: (number, part) => upload.uploadPart(number, part),
      complete: (parts) => upload.complete(parts),
    }))()(good).multipart;
    return plain === undefined
      ? {}
      : { multipart: { ...plain, start: (key, options) => plain.start(key, { ...options, signal: undefined }) } };
  }),
  broken("ignores conditions of uploads", () => (good) => ignoring(good)),
  broken("ignores conditions of uploads that it does not have", () => (good) => ignoring(good), {
    putModes: new Set(),
  }),
  broken(
    "looks at the condition of an upload at its start only",
    uploading((good, key, store) => ({
      async complete(parts, options) {
        const present = await store.head(key).catch(() => undefined);
        if (present !== undefined) await store.delete(key);
        return await good.complete(parts, unconditional(options));
      },
    })),
  ),
  broken(
    "refuses every condition of uploads",
    uploading((good, key, store) => ({
      async complete(parts, options) {
        await store.put(key, new Uint8Array([1]));
        return await good.complete(parts, options);
      },
    })),
  ),
];

/** No condition of an upload reaches the store below. */
function ignoring(good: ObjectStore): Partial<ObjectStore> {
  const plain = uploading((upload) => ({
    complete: (parts, options) => upload.complete(parts, unconditional(options)),
  }))()(good).multipart;
  return plain === undefined
    ? {}
    : { multipart: { ...plain, start: (key, options) => plain.start(key, unconditional(options)) } };
}
