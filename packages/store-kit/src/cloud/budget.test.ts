import type { Bytes, ObjectStore } from "@mortise/core";
import { parseKey } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { createMemoryBackend } from "../testing/memory-backend.ts";
import type { CloudStoreOptions } from "./cloud-store.ts";
import { cloudStore, openCloudStore } from "./cloud-store.ts";

const KiB = 1024;
const plain = { probe: false, identity: false };
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe("the memory of many streams of unknown length", () => {
  it.each([8, 12, 40])("stays within the byte budget, with parts of %i KiB", async (part) => {
    const memory = createMemoryBackend({ singlePutBytes: 16 * KiB });
    let live = 0;
    let most = 0;
    const { multipart } = memory;
    const uploadPart: typeof multipart.uploadPart = async (name, id, body, call) => {
      await pause(1);
      live -= body.body.byteLength;
      return await multipart.uploadPart(name, id, body, call);
    };
    async function* source(): AsyncGenerator<Bytes> {
      for (let chunk = 0; chunk < 40; chunk++) {
        most = Math.max(most, (live += KiB));
        yield await Promise.resolve(new Uint8Array(KiB));
      }
    }
    // Alone, since `completeStore` counts a stream as 1 MiB of its own budget.
    const options = { ...plain, byteBudget: 32 * KiB, parts: { partBytes: part * KiB } };
    await using store = cloudStore({ ...memory, multipart: { ...multipart, uploadPart } }, options);
    await Promise.all(Array.from({ length: 20 }, (_, index) => store.put(parseKey(`k${index}`), source())));
    expect([...memory.objects.values()].map(({ bytes }) => bytes.byteLength)).toEqual(Array(20).fill(40 * KiB));
    // Each source has one chunk in its hands, and the last of what was reserved may pay for a whole part.
    expect(most).toBeLessThanOrEqual(32 * KiB + 20 * KiB + 2 * part * KiB);
    expect(live).toBe(0);
  });
});

describe("a body that waits for the memory of others", () => {
  const MiB = KiB * KiB;

  /** One body holds all memory until it is let go; another waits for longer than its time limit. */
  async function waitBeside(
    options: CloudStoreOptions,
    hold: (store: ObjectStore, gate: Promise<void>) => Promise<unknown>,
    waiting: (store: ObjectStore) => Promise<unknown>,
  ): Promise<void> {
    const backend = createMemoryBackend({ singlePutBytes: 2 * MiB });
    await using store = await openCloudStore(backend, { ...plain, byteBudget: 2 * MiB, timeoutMs: 20, ...options });
    const gate = Promise.withResolvers<void>();
    const holding = hold(store, gate.promise);
    await pause(5);
    const other = waiting(store);
    await pause(100);
    gate.resolve();
    await Promise.all([holding, other]);
    expect(backend.objects.size).toBe(2);
  }
  async function* gated(gate: Promise<void>, bytes: number): AsyncGenerator<Bytes> {
    yield new Uint8Array(10);
    await gate;
    yield new Uint8Array(bytes - 10);
  }
  async function* quick(bytes: number): AsyncGenerator<Bytes> {
    yield await Promise.resolve(new Uint8Array(bytes));
  }
  const [held, other] = [parseKey("held"), parseKey("other")];
  const patient = { timeoutMs: 60_000 };

  it("has no time limit for that as an array", async () => {
    await waitBeside(
      { byteBudget: MiB },
      (store, gate) => store.put(held, gated(gate, 20), patient),
      (store) => store.put(other, new Uint8Array(MiB)),
    );
  });

  it("has none as a stream that is collected", async () => {
    await waitBeside(
      {},
      (store, gate) => store.put(held, gated(gate, 20), patient),
      (store) => store.put(other, quick(20)),
    );
  });

  it("has none as a stream that goes in parts", async () => {
    await waitBeside(
      { parts: { partBytes: 2 * MiB } },
      (store, gate) => store.put(held, gated(gate, 20), patient),
      (store) => store.put(other, quick(3 * MiB), { size: 3 * MiB }),
    );
  });
});

describe("progress of what the server does alone", () => {
  it("is told while it copies", async () => {
    const memory = createMemoryBackend();
    await using store = await openCloudStore(
      {
        ...memory,
        copy: async (to, call) => {
          call.onSent?.(5);
          return (await memory.copy?.(to, call)) ?? {};
        },
      },
      plain,
    );
    await store.put(parseKey("a"), new Uint8Array(10));
    const told: unknown[] = [];
    await store.copy(parseKey("a"), parseKey("b"), { onProgress: (progress) => told.push(progress) });
    expect(told).toEqual([{ bytes: 5, total: 10 }]);
  });

  it("is every key that a slow source gives", async () => {
    const memory = createMemoryBackend();
    await using store = await openCloudStore(
      { ...memory, capabilities: { ...memory.capabilities, bulkDelete: 1_000 } },
      { ...plain, timeoutMs: 400 },
    );
    async function* keys(): AsyncGenerator<ReturnType<typeof parseKey>> {
      for (let index = 0; index < 8; index++) {
        await pause(80);
        yield parseKey(`k${index}`);
      }
    }
    expect(await store.deleteMany(keys())).toMatchObject({ absent: 8, failed: [] });
  });
});
