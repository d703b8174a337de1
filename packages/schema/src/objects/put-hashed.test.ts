import { type ObjectStore, parseKey } from "@mortise/core";
import { createMemoryStore } from "@mortise/store-testkit";
import { describe, expect, it } from "vitest";
import { hashSource } from "./hashed-source.ts";
import { defaultRehashBytes, type HashedOutcome, putHashed } from "./put-hashed.ts";
import { createSpool } from "./spool.ts";

const key = parseKey("_hash/lab/x");
const small = new Uint8Array(10).fill(1);
const large = new Uint8Array(1024 * 1024 + 1).fill(1);

interface Recorded {
  readonly store: ObjectStore;
  readonly calls: string[];
}

/** A memory store that notes what it is asked for. */
function recorded(capabilities: Parameters<typeof createMemoryStore>[0] = {}): Recorded {
  const inner = createMemoryStore(capabilities);
  const calls: string[] = [];
  const store: ObjectStore = {
    ...inner,
    put(at, body, options) {
      calls.push(`put ${typeof options?.mode === "object" ? "ifMatch" : options?.mode}`);
      return inner.put(at, body, options);
    },
    head(at, options) {
      calls.push("head");
      return inner.head(at, options);
    },
    get(at, options) {
      calls.push("get");
      return inner.get(at, options);
    },
  };
  return { store, calls };
}

async function write(
  store: ObjectStore,
  bytes: Uint8Array,
  { certain = false, rehashBytes = defaultRehashBytes } = {},
): Promise<HashedOutcome> {
  await using spool = createSpool();
  const source = await hashSource(bytes, spool);
  const logger = { debug: () => undefined, warn: () => undefined };
  return await putHashed({ store, key, source, certain, rehashBytes, signal: AbortSignal.timeout(9000), logger });
}

const noCreate = { capabilities: { putModes: new Set<"create" | "ifMatch">() } };

describe("putHashed", () => {
  it("sends one request for a new small object, and looks first for a large one", async () => {
    const first = recorded();
    expect(await write(first.store, small)).toBe("uploaded");
    expect(first.calls).toEqual(["put create"]);
    const second = recorded();
    expect(await write(second.store, large)).toBe("uploaded");
    expect(second.calls).toEqual(["head", "put create"]);
  });

  it("looks first where the store has no conditional create", async () => {
    const { store, calls } = recorded(noCreate);
    expect(await write(store, small)).toBe("uploaded");
    expect(await write(store, small)).toBe("deduplicated");
    expect(calls).toEqual(["head", "put overwrite", "head", "get"]);
  });

  it("reads what is there before it trusts it", async () => {
    const { store, calls } = recorded();
    await store.put(key, small);
    expect(await write(store, small)).toBe("deduplicated");
    expect(calls.slice(1)).toEqual(["put create", "head", "get"]);
  });

  it.each([
    ["of another size", small.subarray(1), {}, "put ifMatch"],
    ["of other content", new Uint8Array(10).fill(2), {}, "put ifMatch"],
    ["of other content, without conditions", new Uint8Array(10).fill(2), noCreate, "put overwrite"],
  ])("replaces an object %s", async (_, twin, options, request) => {
    const { store, calls } = recorded(options);
    await store.put(key, twin);
    expect(await write(store, small)).toBe("repaired");
    expect(calls.at(-1)).toBe(request);
    expect((await store.head(key)).size).toBe(small.byteLength);
  });

  it("compares larger objects by size, unless it is told to read them too", async () => {
    const huge = new Uint8Array(defaultRehashBytes + 1).fill(1);
    const { store, calls } = recorded();
    await store.put(
      key,
      huge.map((byte, index) => (index === 5 ? 2 : byte)),
    );
    expect(await write(store, huge)).toBe("deduplicated");
    expect(calls.slice(1)).toEqual(["head"]);
    expect(await write(store, huge, { rehashBytes: Number.POSITIVE_INFINITY })).toBe("repaired");
    expect(await write(store, huge, { rehashBytes: Number.POSITIVE_INFINITY })).toBe("deduplicated");
    await store.put(key, new Uint8Array(10));
    expect(await write(store, small, { rehashBytes: 0 })).toBe("deduplicated");
  });

  it.each([
    ["small", small],
    ["large", large],
  ])("trusts a %s object only once it is durable, and writes it anew if it vanishes before", async (_, bytes) => {
    const { store: inner, calls } = recorded();
    let vanishing = false;
    const store: ObjectStore = {
      ...inner,
      async ensureDurable(at) {
        calls.push("ensureDurable");
        if (!vanishing) return;
        vanishing = false;
        await inner.delete(at);
        await inner.head(at);
      },
    };
    expect(await write(store, bytes)).toBe("uploaded");
    expect(calls).not.toContain("ensureDurable");
    expect(await write(store, bytes)).toBe("deduplicated");
    expect(calls.at(-1)).toBe("ensureDurable");
    vanishing = true;
    expect(await write(store, bytes)).toBe("uploaded");
    expect(calls.at(-1)).toBe("put create");
  });

  it("writes for certain when the ledger says so", async () => {
    const { store, calls } = recorded();
    await store.put(key, small);
    expect(await write(store, small, { certain: true })).toBe("uploaded");
    expect(calls.slice(1)).toEqual(["put overwrite"]);
  });

  it("gives up on an object that appears and vanishes again and again", async () => {
    const inner = createMemoryStore();
    const store: ObjectStore = {
      ...inner,
      async put(at, body, options) {
        await inner.put(at, small);
        try {
          return await inner.put(at, body, options);
        } finally {
          await inner.delete(at);
        }
      },
    };
    await expect(write(store, small)).rejects.toMatchObject({ code: "unavailable", retryable: true });
  });
});
