import { parseKey } from "@mortise/core";
import { describe, expect, it } from "vitest";
import type { MemoryBackendOptions } from "../testing/memory-backend.ts";
import { createMemoryBackend } from "../testing/memory-backend.ts";
import type { CloudDelete } from "./backend.ts";
import { openCloudStore } from "./cloud-store.ts";

const key = parseKey("a");
const name = "lab/a";

/** A store whose server does not tell what a deletion found; `meanwhile` runs before the server sees one of `a`. */
async function blind(meanwhile: () => Promise<void> = async () => {}, options: MemoryBackendOptions = {}) {
  const backend = createMemoryBackend({ blindDelete: true, ...options });
  const deletions: CloudDelete[] = [];
  const store = await openCloudStore({
    ...backend,
    async delete(each, call) {
      if (each === name) {
        deletions.push(call);
        await meanwhile();
      }
      return await backend.delete(each, call);
    },
  });
  const overwrite = async (): Promise<void> => {
    const site = { operation: "put", store: "other" };
    await backend.put(name, new Uint8Array(9), { site, mode: "overwrite" });
  };
  return { backend, store, deletions, overwrite };
}

describe("deleting where the server does not tell what it found", () => {
  it("lets one of many say that it deleted, by the validator that head told", async () => {
    const { store, deletions } = await blind();
    const { etag } = await store.put(key, new Uint8Array(1));
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => store.delete(key)));
    expect(outcomes.filter((outcome) => outcome === "deleted")).toHaveLength(1);
    expect(deletions.every(({ ifMatch, seen }) => ifMatch === etag && seen === true)).toBe(true);
    await store.close();
  });

  it("deletes also what was overwritten after it was looked at", async () => {
    let times = 0;
    const { backend, store, overwrite, deletions } = await blind(async () => {
      if (++times <= 2) await overwrite();
    });
    await store.put(key, new Uint8Array(1));
    expect(await store.delete(key)).toBe("deleted");
    expect([backend.objects.has(name), deletions.length]).toEqual([false, 3]);
    await store.close();
  });

  it("ends although somebody overwrites it again and again", async () => {
    const { backend, store, overwrite, deletions } = await blind(() => overwrite());
    await store.put(key, new Uint8Array(1));
    expect(await store.delete(key)).toBe("deleted");
    expect(backend.objects.has(name)).toBe(false);
    expect(deletions.at(-1)?.ifMatch).toBeUndefined();
    await store.close();
  });

  it("sends no condition to a server that was not seen to keep it", async () => {
    const { backend, store, overwrite, deletions } = await blind();
    await overwrite();
    // Nothing was written yet, so that nothing was tried.
    expect(await store.delete(key)).toBe("deleted");
    const liar = await blind(undefined, { ignoresConditions: true });
    await liar.store.put(key, new Uint8Array(1));
    expect(await liar.store.delete(key)).toBe("deleted");
    expect([...deletions, ...liar.deletions].map(({ ifMatch }) => ifMatch)).toEqual([undefined, undefined]);
    expect(backend.objects.has(name)).toBe(false);
    await Promise.all([store.close(), liar.store.close()]);
  });
});
