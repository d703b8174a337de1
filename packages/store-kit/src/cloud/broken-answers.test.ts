import type { Bytes } from "@mortise/core";
import { parseKey } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { storeError } from "../errors.ts";
import { createMemoryBackend } from "../testing/memory-backend.ts";
import type { CloudBackend } from "./backend.ts";
import { cloudStore, openCloudStore } from "./cloud-store.ts";

const key = parseKey("a");
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const site = { operation: "test", store: "cloud" };
const options = { probe: false, identity: false, retry: { baseMs: 0, attempts: 3, budget: 100 } };

describe("a server that does not look at If-Match of a GET", () => {
  it("never gets a newer object through as the one that was asked for", async () => {
    await using store = cloudStore(createMemoryBackend({ ignoresConditions: true }), options);
    const { etag } = await store.put(key, text("old"));
    await store.put(key, text("new"));
    await expect(store.get(key, { ifMatch: etag })).rejects.toMatchObject({ code: "precondition-failed" });
  });

  it("never gives the end of another object than the one whose size was told", async () => {
    const backend = createMemoryBackend({
      ignoresConditions: true,
      after({ kind, name }) {
        const found = backend.objects.get(name);
        // Overwritten between the two requests of a suffix.
        if (kind !== "head" || found === undefined) return;
        backend.objects.set(name, { ...found, object: { ...found.object, etag: "newer" } });
      },
    });
    await using store = cloudStore(backend, options);
    await store.put(key, text("0123456789"));
    await expect(store.get(key, { range: { suffix: 2 } })).rejects.toMatchObject({ code: "precondition-failed" });
  });
});

describe("a body that is cut again and again", () => {
  const pattern = Uint8Array.from({ length: 10_000 }, (_, index) => index % 251);

  /** A server whose first answer breaks in the middle, and whose further ones are as given. */
  async function readThrough(further: (bytes: Bytes) => AsyncIterable<Bytes>): Promise<[unknown, number]> {
    let requests = 0;
    async function* cut(bytes: Bytes): AsyncGenerator<Bytes> {
      yield bytes.subarray(0, 3_000);
      throw await Promise.resolve(storeError(site, "unavailable", "reset"));
    }
    const body = (bytes: Bytes): AsyncIterable<Bytes> => (requests++ === 0 ? cut(bytes) : further(bytes));
    await using store = await openCloudStore(createMemoryBackend({ wholeBytes: 0, body }), options);
    await store.put(key, pattern);
    const result = await store.get(key);
    const answer: unknown = await result.bytes().catch((error: unknown) => error);
    return [answer, requests];
  }

  it("is given up after as many attempts as any request, where the rest is empty", async () => {
    const [error, requests] = await readThrough(async function* () {});
    expect(error).toMatchObject({ code: "unavailable", message: /7000 bytes too early/ });
    expect(requests).toBeLessThanOrEqual(options.retry.attempts);
  });

  it("spends the store's budget of retries where every answer brings a byte", async () => {
    const [error, requests] = await readThrough(async function* (bytes) {
      yield await Promise.resolve(bytes.subarray(0, 1));
    });
    expect(error).toMatchObject({ code: "unavailable" });
    // 100 retries, and one more for each ten answers.
    expect(requests).toBeLessThan(130);
  });

  it("is whole where the connection breaks after its last byte", async () => {
    const [answer] = await readThrough(async function* (bytes) {
      yield bytes;
      throw await Promise.resolve(storeError(site, "unavailable", "reset"));
    });
    expect(answer).toEqual(pattern);
  });
});

describe("a server whose listing is not what was asked for", () => {
  const names = async (change: Partial<CloudBackend>, prefix: string): Promise<string[]> => {
    const backend = createMemoryBackend();
    await using store = cloudStore({ ...backend, ...change }, options);
    const found: string[] = [];
    for await (const { objects } of store.list({ prefix })) found.push(...objects.map((object) => object.key));
    return found;
  };
  const objects = ["a/1", "b/1", "c/1"].map((name) => ({ name: `lab/${name}`, size: 1, lastModified: new Date(0) }));

  it("is refused where it ignores the prefix: somebody may delete what is listed", async () => {
    const list: CloudBackend["list"] = async () => ({ objects, prefixes: [] });
    await expect(names({ list }, "b/")).rejects.toMatchObject({ code: "protocol", message: /lists "lab\/a\/1"/ });
  });

  it("gives a key once that two pages begin and end with", async () => {
    const list: CloudBackend["list"] = async ({ token }) =>
      token === undefined
        ? { objects: objects.slice(0, 2), prefixes: [], next: "2" }
        : { objects: objects.slice(1), prefixes: [] };
    expect(await names({ list }, "")).toEqual(["a/1", "b/1", "c/1"]);
  });
});
