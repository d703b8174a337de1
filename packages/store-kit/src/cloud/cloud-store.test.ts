import { parseKey } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { storeError } from "../errors.ts";
import { createMemoryBackend } from "../testing/memory-backend.ts";
import { openCloudStore } from "./cloud-store.ts";

const key = parseKey("a");
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const site = { operation: "test", store: "cloud" };

describe("a cloud store before its first write", () => {
  it("takes away what the server was not seen to keep, so that a create is refused instead of overwriting", async () => {
    await using store = await openCloudStore(createMemoryBackend({ ignoresConditions: true }));
    await store.put(key, text("old"));
    expect(store.capabilities.putModes.has("create")).toBe(false);
    await expect(store.put(key, text("new"), { mode: "create" })).rejects.toMatchObject({ code: "unsupported" });
    expect(await (await store.get(key)).bytes()).toEqual(text("old"));
  });

  it("refuses a first write whose condition only the provider promised", async () => {
    const backend = createMemoryBackend({ ignoresConditions: true });
    await backend.put("lab/a", text("old"), { site, mode: "overwrite" });
    await using store = await openCloudStore(backend);
    await expect(store.put(key, text("new"), { mode: "create" })).rejects.toMatchObject({ code: "unsupported" });
    await expect(store.delete(key, { ifMatch: "other" })).rejects.toMatchObject({ code: "unsupported" });
    expect(await (await store.get(key)).bytes()).toEqual(text("old"));
  });

  it("tries the server once for all that open it, and never for reading", async () => {
    const writes: string[] = [];
    const backend = createMemoryBackend({
      before: ({ kind, name }) => {
        if (kind !== "get" && kind !== "head" && kind !== "list") writes.push(name);
      },
    });
    await using reader = await openCloudStore(backend);
    await expect(reader.head(key)).rejects.toMatchObject({ code: "not-found" });
    expect(writes).toEqual([]);
    await using first = await openCloudStore(backend);
    await Promise.all([first.put(key, text("x")), first.put(parseKey("b"), text("x"))]);
    expect(writes.filter((name) => name === "lab/_mortise/probe.json")).toHaveLength(1);
    writes.length = 0;
    await using second = await openCloudStore(backend);
    await second.put(key, text("y"));
    expect(writes).toEqual(["lab/a"]);
  });

  it("reads a store that may not be written, and says so at the first write", async () => {
    const before = ({ kind }: { readonly kind: string }): void => {
      if (kind === "put" || kind === "start") throw storeError(site, "permission-denied", "read only");
    };
    await using store = await openCloudStore(createMemoryBackend({ before }));
    await expect(store.head(key)).rejects.toMatchObject({ code: "not-found" });
    await expect(store.put(key, text("x"))).rejects.toMatchObject({ code: "permission-denied" });
  });
});

describe("a body whose connection breaks", () => {
  /** Every body breaks after `bytes` bytes. */
  async function* broken(body: Uint8Array, bytes: number): AsyncGenerator<Uint8Array> {
    yield body.subarray(0, bytes);
    if (body.byteLength > bytes) throw await Promise.resolve(storeError(site, "unavailable", "reset"));
  }
  const pattern = Uint8Array.from({ length: 10_000 }, (_, index) => index % 251);
  const options = { probe: false, identity: false, retry: { baseMs: 0 } };

  it("goes on from the last byte that came", async () => {
    const backend = createMemoryBackend({ wholeBytes: 0, body: (bytes) => broken(bytes, 3_000) });
    await using store = await openCloudStore(backend, options);
    await store.put(key, pattern);
    expect(await (await store.get(key)).bytes()).toEqual(pattern);
    const range = { offset: 1_000, length: 8_000 };
    expect(await (await store.get(key, { range })).bytes()).toEqual(pattern.subarray(1_000, 9_000));
  });

  it("ends where the object was overwritten meanwhile, instead of mixing old and new", async () => {
    const backend = createMemoryBackend({ wholeBytes: 0, body: (bytes) => broken(bytes, 3_000) });
    await using store = await openCloudStore(backend, options);
    await store.put(key, pattern);
    const result = await store.get(key);
    await store.put(key, new Uint8Array(10_000));
    await expect(result.bytes()).rejects.toMatchObject({ code: "precondition-failed" });
  });
});

describe("a create whose answer is lost", () => {
  const lossy = (md5: boolean): ReturnType<typeof createMemoryBackend> => {
    let lost = false;
    return createMemoryBackend({
      md5,
      after({ kind }) {
        if (kind !== "put" || lost) return;
        lost = true;
        throw storeError(site, "unavailable", "reset");
      },
    });
  };
  const options = { probe: false, identity: false, retry: { baseMs: 0 } };

  it.each([true, false])("has succeeded if what is there is what was sent (digest told: %s)", async (md5) => {
    await using store = await openCloudStore(lossy(md5), options);
    const { etag } = await store.put(key, text("mine"), { mode: "create" });
    expect((await store.head(key)).etag).toBe(etag);
  });

  it.each([true, false])("is refused if another's is there (digest told: %s)", async (md5) => {
    const backend = createMemoryBackend({
      md5,
      before({ kind, name }) {
        if (kind !== "put" || backend.objects.has(name)) return;
        const bytes = text("that");
        backend.objects.set(name, {
          bytes,
          object: { name, size: bytes.byteLength, lastModified: new Date(), etag: "theirs" },
        });
        throw storeError(site, "unavailable", "reset");
      },
    });
    await using store = await openCloudStore(backend, options);
    await expect(store.put(key, text("mine"), { mode: "create" })).rejects.toMatchObject({ code: "already-exists" });
    expect(await (await store.get(key)).bytes()).toEqual(text("that"));
  });
});
