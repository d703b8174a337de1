import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Bytes, GetResult } from "@mortise/core";
import { parseKey } from "@mortise/core";
import { expect, it, vi } from "vitest";
import { storeError } from "../errors.ts";
import { createMemoryBackend } from "../testing/memory-backend.ts";
import { openCloudStore } from "./cloud-store.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const site = { operation: "test", store: "cloud" };

/** Large objects of a store whose first connection breaks, and what becomes of their results. */
async function watched(): Promise<{
  readonly store: Awaited<ReturnType<typeof openCloudStore>>;
  readonly told: unknown[];
  readonly released: () => number;
}> {
  let broken = false;
  async function* body(bytes: Bytes): AsyncGenerator<Bytes> {
    yield bytes.subarray(0, 500);
    if (!broken) {
      broken = true;
      throw await Promise.resolve(storeError(site, "unavailable", "reset"));
    }
    yield bytes.subarray(500);
  }
  const memory = createMemoryBackend({ wholeBytes: 0, body });
  let released = 0;
  const told: unknown[] = [];
  const store = await openCloudStore(
    {
      ...memory,
      get: async (name, call) => ({ ...(await memory.get(name, call)), release: async () => void released++ }),
    },
    {
      probe: false,
      identity: false,
      retry: { baseMs: 0 },
      logger: { debug: () => {}, warn: (event, fields) => told.push({ event, ...fields }) },
    },
  );
  await store.put(parseKey("a"), new Uint8Array(1_000));
  return { store, told, released: () => released };
}

it.each([
  ["unread", () => Promise.resolve()],
  [
    "in the middle of it, after a cut",
    async ({ body }: GetResult) => {
      const reader = body.getReader();
      await reader.read();
      await reader.read();
    },
  ],
])("a body that is dropped %s frees its connection, and the logger is told", async (_name, use) => {
  const { store, told, released } = await watched();
  await store.get(parseKey("a")).then(use);
  const before = released();
  await vi.waitFor(
    () => {
      collectGarbage();
      expect(told).toMatchObject([{ event: "store.result-not-disposed", store: "cloud", key: "a" }]);
    },
    { timeout: 10_000 },
  );
  expect(released()).toBe(before + 1);
});

it("a body that is read or disposed is nobody's business", async () => {
  const { store, told } = await watched();
  await (await store.get(parseKey("a"))).bytes();
  await (await store.get(parseKey("a")))[Symbol.asyncDispose]();
  for (let round = 0; round < 3; round++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(told).toEqual([]);
});
