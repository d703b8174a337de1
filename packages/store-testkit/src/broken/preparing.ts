import type { ObjectKey } from "@mortise/core";
import { chunksOf } from "@mortise/store-kit";
import type { BrokenStore } from "./break.ts";
import { broken, sizeless, whole } from "./break.ts";

const largeBytes = 5e6;

/** Stores that are prepared wrongly, or fail with large bodies or blind deletions. */
export const brokenPreparers: readonly BrokenStore[] = [
  broken("loses its objects when it is prepared", () => (good) => ({
    async prepare() {
      for await (const page of good.list()) for (const { key } of page.objects) await good.delete(key);
    },
  })),
  broken("can do less every time it is prepared", () => {
    let times = 0;
    return (good) => ({
      async prepare() {
        times++;
        const putModes = new Set(times > 1 ? [] : good.capabilities.putModes);
        Object.defineProperty(this, "capabilities", { value: { ...good.capabilities, putModes } });
      },
    });
  }),
  broken("leaves what it was prepared with", () => (good) => ({
    async prepare() {
      await good.put(`prepared-${crypto.randomUUID()}` as ObjectKey, new Uint8Array(1));
    },
  })),
  broken("can be prepared when it is closed", () => () => ({ prepare: () => Promise.resolve() })),
  broken("keeps the first 16 MiB of a body", () => (good) => ({
    put: async (key, body, options) => {
      if (body instanceof Uint8Array && body.byteLength < largeBytes) return await good.put(key, body, options);
      return await good.put(key, (await whole(body)).subarray(0, 16 * 1024 ** 2), sizeless(options));
    },
  })),
  broken("leaves an upload when a large write fails", () => (good) => ({
    put: async (key, body, options) => {
      let bytes = 0;
      async function* counted(): AsyncGenerator<Uint8Array> {
        for await (const chunk of chunksOf(body)) {
          bytes += chunk.byteLength;
          yield chunk;
        }
      }
      try {
        return await good.put(key, body instanceof Uint8Array ? body : counted(), options);
      } catch (error) {
        if (bytes > largeBytes) await good.multipart?.start(key);
        throw error;
      }
    },
  })),
  broken("keeps what it has of a large body whose source fails", () => (good) => ({
    put: async (key, body, options) => {
      let bytes = 0;
      async function* seen(): AsyncGenerator<Uint8Array> {
        try {
          for await (const chunk of chunksOf(body)) {
            bytes += chunk.byteLength;
            yield chunk;
          }
        } catch (error) {
          if (bytes < largeBytes) throw error;
        }
      }
      return await good.put(key, body instanceof Uint8Array ? body : seen(), options);
    },
  })),
  broken(
    "deletes ten keys at once and says that it was all of them",
    () => (good) => ({
      deleteMany: async (keys, options) => {
        const all: ObjectKey[] = [];
        for await (const key of keys) all.push(key);
        await good.deleteMany(all.slice(0, 10));
        for (const key of all) options?.onOutcome?.(key, "deleted");
        return { deleted: all.length, absent: 0, failed: [] };
      },
    }),
    { bulkDeleteBlind: true },
  ),
];
