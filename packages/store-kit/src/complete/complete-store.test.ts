import type { Bytes, GetResult, MinimalStore, ObjectInfo, ObjectKey, PutOptions } from "@mortise/core";
import { createHasher, digest, parseKey } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { storeError } from "../errors.ts";
import { collect } from "../streams/collect.ts";
import { bufferedResult, streamedResult } from "../streams/result.ts";
import { chunksOf } from "../streams/source.ts";
import { completeStore } from "./complete-store.ts";

const key = parseKey("a/b");
const body = new Uint8Array(1_000).fill(9);
const info: ObjectInfo = { key, size: body.byteLength, lastModified: new Date(0), etag: "1" };

/** A backend with one object that answers as it is told. */
function backend(change: Partial<MinimalStore> = {}): MinimalStore {
  return {
    protocol: "test",
    baseUrl: "test://",
    capabilities: {
      putModes: new Set(["create"]),
      conditionalDelete: false,
      checksums: new Set(),
      ranges: true,
      presign: new Set(),
      serverSideCopy: false,
      atomicMove: false,
      versions: false,
      metadata: false,
      bulkDelete: 1,
      caseSensitive: true,
      durableOnReturn: false,
      maxKeyBytes: 100,
    },
    put: async (_key, source) => ({ size: (await collect(chunksOf(source))).byteLength, checksums: {} }),
    get: async () => bufferedResult(info, { offset: 0, length: body.byteLength }, body),
    head: async () => info,
    async *list() {},
    delete: async () => "deleted",
    close: () => Promise.resolve(),
    async [Symbol.asyncDispose]() {},
    ...change,
  };
}
const open = (change: Partial<MinimalStore> = {}, options = {}) =>
  completeStore(backend(change), { identity: false, ...options });

async function* hanging(): AsyncGenerator<Bytes> {
  yield body.subarray(0, 10);
  await new Promise(() => undefined);
}
const streaming = (chunks: () => AsyncIterable<Bytes>, onRelease = async () => {}) => ({
  get: async (): Promise<GetResult> =>
    streamedResult(info, { offset: 0, length: body.byteLength }, chunks(), onRelease),
});

describe("completeStore", () => {
  it("ends a deletion whose source of keys hangs as soon as it is aborted", async () => {
    const controller = new AbortController();
    const ends: string[] = [];
    async function* hangs(): AsyncGenerator<typeof key> {
      yield key;
      controller.abort();
      await new Promise(() => undefined);
    }
    const deleteMany: NonNullable<MinimalStore["deleteMany"]> = async (keys) => {
      try {
        for await (const _ of keys) ends.push("key");
      } finally {
        ends.push("end");
      }
      return { deleted: 0, absent: 0, failed: [] };
    };
    const store = open({ deleteMany });
    await expect(store.deleteMany(hangs(), { signal: controller.signal })).rejects.toMatchObject({ code: "aborted" });
    // Not by the time that an aborted operation may take to clean up: it has ended by itself.
    expect(ends).toEqual(["key", "end"]);
  });

  it("ends a body that hangs with timeout, and releases what it held", async () => {
    let released = 0;
    const store = open(streaming(hanging, async () => void released++));
    await expect((await store.get(key, { idleTimeoutMs: 20 })).bytes()).rejects.toMatchObject({
      code: "timeout",
      retryable: true,
    });
    expect(released).toBeGreaterThan(0);
  });

  it("does not count the time that a slow reader takes", async () => {
    async function* chunks(): AsyncGenerator<Bytes> {
      for (let start = 0; start < body.byteLength; start += 500)
        yield await Promise.resolve(body.subarray(start, start + 500));
    }
    await using result = await open(streaming(chunks)).get(key, { idleTimeoutMs: 30 });
    const reader = result.body.getReader();
    await reader.read();
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect((await reader.read()).value).toHaveLength(500);
    expect((await reader.read()).done).toBe(true);
  });

  it("ends an operation that hangs with timeout", async () => {
    const store = open(
      {
        head: (_key, options) =>
          new Promise((_, reject) => options?.signal?.addEventListener("abort", () => reject(new Error("stopped")))),
      },
      { timeoutMs: 20 },
    );
    await expect(store.head(key)).rejects.toMatchObject({ code: "timeout", operation: "head", key });
  });

  it.each([Number.POSITIVE_INFINITY, 30 * 24 * 3_600_000])(
    "waits as long as it is told, also for %i ms",
    async (ms) => {
      const slow = { head: () => new Promise<ObjectInfo>((resolve) => setTimeout(resolve, 20, info)) };
      expect(await open(slow).head(key, { timeoutMs: ms })).toEqual(info);
      expect(await open(slow, { timeoutMs: ms }).head(key)).toEqual(info);
    },
  );

  it.each([
    ["shorter", [body.subarray(0, 999)]],
    ["longer", [body, body.subarray(0, 1)]],
  ])("refuses a body that is %s than the store announced", async (_name, chunks) => {
    async function* source(): AsyncGenerator<Bytes> {
      yield* await Promise.resolve(chunks);
    }
    const store = open(streaming(source));
    await expect((await store.get(key)).bytes()).rejects.toMatchObject({ code: "protocol", retryable: true });
    await expect(collect(chunksOf((await store.get(key)).body))).rejects.toMatchObject({ code: "protocol" });
  });

  it("refuses a write of which the store says another size than was given", async () => {
    const store = open({ put: async () => ({ size: 5, checksums: {} }) });
    await expect(store.put(key, body)).rejects.toMatchObject({ code: "protocol" });
  });

  it("never sends what is refused: keys, conditions, metadata, sizes", async () => {
    let calls = 0;
    const store = open({ put: async () => (calls++, { size: 0, checksums: {} }) });
    const refusals: readonly (readonly [string, ObjectKey, PutOptions])[] = [
      ["invalid-key", "../x" as ObjectKey, {}],
      ["invalid-key", parseKey("x".repeat(101)), {}],
      ["unsupported", key, { mode: { ifMatch: "1" } }],
      ["unsupported", key, { metadata: { a: "b" } }],
      ["checksum-mismatch", key, { size: 3 }],
      ["checksum-mismatch", key, { expect: { md5: "0" } }],
      ["unsupported", key, { compute: ["crc64nvme"] }],
    ];
    for (const [code, where, options] of refusals) {
      await expect(store.put(where, body, options)).rejects.toMatchObject({ code, operation: "put", store: "test" });
    }
    expect(calls).toBe(0);
  });

  it.each([10, 1024 * 1024, 1024 * 1024 + 10])(
    "writes the %i bytes it hashed, though their caller changes them",
    async (size) => {
      const array = new Uint8Array(size).fill(1);
      const md5 = digest("md5", array);
      const written: string[] = [];
      const store = open({
        async put(_key, source) {
          const hasher = createHasher("md5");
          for await (const chunk of chunksOf(source)) {
            // What another task may do while the file is opened or the socket is full.
            array.fill(7, 0, chunk.byteLength);
            hasher.update(chunk);
            if (size > chunk.byteLength) array.fill(1);
          }
          written.push(hasher.digest());
          return { size, checksums: {} };
        },
      });
      await store.put(key, array, { expect: { md5 } });
      expect(written).toEqual([md5]);
    },
  );

  it("keeps no more writes and bytes under way than its limits", async () => {
    const state = { now: 0, most: 0, bytes: 0, mostBytes: 0 };
    const store = open(
      {
        async put(_key, source) {
          const size = (source as Bytes).byteLength;
          state.most = Math.max(state.most, ++state.now);
          state.mostBytes = Math.max(state.mostBytes, (state.bytes += size));
          await new Promise((resolve) => setTimeout(resolve, 1));
          state.now--;
          state.bytes -= size;
          return { size, checksums: {} };
        },
      },
      { concurrency: 8, byteBudget: 5_000 },
    );
    await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        store.put(parseKey(`k${index}`), index % 2 === 0 ? body : body.subarray(0, 1)),
      ),
    );
    expect(state.most).toBeLessThanOrEqual(8);
    expect(state.mostBytes).toBeLessThanOrEqual(5_000);
    expect(state.now).toBe(0);
  });

  it("holds no more bodies open for copies than its limit, and copies everything", async () => {
    let open = 0;
    let most = 0;
    async function* chunks(): AsyncGenerator<Bytes> {
      await new Promise((resolve) => setTimeout(resolve, 1));
      yield body;
    }
    const get = async (): Promise<GetResult> => {
      most = Math.max(most, ++open);
      let released = false;
      return streamedResult(info, { offset: 0, length: body.byteLength }, chunks(), async () => {
        if (!released) open--;
        released = true;
      });
    };
    const store = completeStore(backend({ get }), { identity: false, concurrency: 4 });
    const copies = Array.from({ length: 30 }, (_, index) => store.copy(key, parseKey(`c${index}`)));
    const aborted = store.copy(key, parseKey("aborted"), { signal: AbortSignal.abort() });
    await expect(aborted).rejects.toMatchObject({ code: "aborted" });
    await Promise.all(copies);
    expect([open, most]).toEqual([0, 4]);
  });

  it("answers with what happened when a write succeeds in spite of an abort", async () => {
    const controller = new AbortController();
    const store = open({
      async put() {
        controller.abort();
        return { size: body.byteLength, checksums: {} };
      },
    });
    expect((await store.put(key, body, { signal: controller.signal })).size).toBe(1_000);
  });

  it("reports ranges of two versions of an object instead of mixing them", async () => {
    let version = 0;
    const store = open({
      async get(_key, options) {
        const { offset, length } = (options as { range: { offset: number; length: number } }).range;
        return bufferedResult({ ...info, size: 1e9, etag: `${version++}` }, { offset, length }, new Uint8Array(length));
      },
    });
    const far = [
      { offset: 0, length: 10 },
      { offset: 900_000_000, length: 10 },
    ];
    await expect(store.getRanges(key, far)).rejects.toMatchObject({ code: "precondition-failed", retryable: true });
  });

  it("names the store by its first write, once, and never again", async () => {
    const written: string[] = [];
    const store = completeStore(
      backend({
        get: async () => bufferedResult({ ...info, size: written.length }, { offset: 0, length: 0 }, new Uint8Array()),
        head: async () => info,
        put: async (where, source) => {
          written.push(where);
          return { size: (source as Bytes).byteLength, checksums: {} };
        },
      }),
    );
    // The backend answers with an empty file, which is no identity: nothing is written over it.
    await expect(store.put(key, body)).rejects.toMatchObject({ code: "invalid-config" });
    expect(written).toEqual([]);
  });

  it.each(["get", "put"] as const)(
    "does not wait for ever for a server that is silent on the store's name (%s)",
    async (silent) => {
      const never = (_key: ObjectKey, ...rest: readonly unknown[]): Promise<never> =>
        new Promise((_, reject) => {
          const { signal } = rest.at(-1) as { readonly signal?: AbortSignal };
          signal?.addEventListener("abort", () => reject(new Error("stopped")));
        });
      const absent = (): Promise<never> =>
        Promise.reject(storeError({ operation: "get", store: "test" }, "not-found", "there is no such object"));
      const store = completeStore(
        backend({ get: silent === "get" ? never : absent, ...(silent === "put" && { put: never }) }),
        {
          timeoutMs: 20,
        },
      );
      await expect(store.put(key, body)).rejects.toMatchObject({ code: "timeout", retryable: true });
      // The next write tries again, and closing does not wait either.
      await expect(store.put(key, body)).rejects.toMatchObject({ code: "timeout" });
      await store.close();
    },
  );

  it("gives errors that are not Mortise's the code unknown and keeps them as cause", async () => {
    const cause = new TypeError("fetch failed");
    const store = open({ head: () => Promise.reject(cause) });
    await expect(store.head(key)).rejects.toMatchObject({
      code: "unknown",
      cause,
      message: 'head of "a/b" in store "test": fetch failed',
    });
  });
});
