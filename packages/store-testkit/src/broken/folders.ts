import { setTimeout } from "node:timers/promises";
import type { ObjectKey, ObjectStore } from "@mortise/core";
import { storeError } from "@mortise/store-kit";
import type { Break, BrokenStore } from "./break.ts";
import { broken } from "./break.ts";

/** `clear` happens to the target of each write, before it. */
function clearing(clear: (good: ObjectStore, to: ObjectKey) => Promise<void>): () => Break {
  return () => (good) => ({
    async put(key, body, options) {
      await clear(good, key);
      return await good.put(key, body, options);
    },
    async copy(from, to, options) {
      await clear(good, to);
      return await good.copy(from, to, options);
    },
    async move(from, to, options) {
      await clear(good, to);
      return await good.move(from, to, options);
    },
  });
}

async function deleteBelow(good: ObjectStore, key: ObjectKey): Promise<void> {
  for await (const page of good.list({ prefix: `${key}/` }))
    await good.deleteMany(page.objects.map((info) => info.key));
}

async function deleteAbove(good: ObjectStore, key: ObjectKey): Promise<void> {
  const segments = key.split("/");
  for (let depth = 1; depth < segments.length; depth++) {
    await good.delete(segments.slice(0, depth).join("/") as ObjectKey);
  }
}

/** Stores that lose objects whose key is the beginning of another, or that are overwritten. */
export const brokenFolders: readonly BrokenStore[] = [
  broken("deletes the folder that an object is named as", clearing(deleteBelow)),
  broken("deletes the object that a folder is named as", clearing(deleteAbove)),
  broken("deletes the source of a move that it refuses", () => (good) => ({
    async move(from, to, options) {
      if (!to.includes("/", "conformance/".length + 37)) return await good.move(from, to, options);
      await good.delete(from);
      throw storeError({ operation: "move", store: "broken", key: to }, "invalid-key", "it is below an object");
    },
  })),
  broken("deletes an object and what is below it", () => (good) => ({
    async delete(key, options) {
      await deleteBelow(good, key);
      return await good.delete(key, options);
    },
  })),
  broken("lists nothing below an object", () => (good) => ({
    async *list(options = {}) {
      for await (const { objects, prefixes } of good.list(options)) {
        const folders = objects.map((info) => `${info.key}/`);
        const shown = objects.filter((info) => !folders.some((folder) => info.key.startsWith(folder)));
        yield { objects: shown, prefixes };
      }
    },
  })),
  broken("deletes what it overwrites a moment before", () => (good) => ({
    async put(key, body, options) {
      if (options?.mode !== undefined || !(body instanceof Uint8Array)) return await good.put(key, body, options);
      if ((await good.delete(key)) === "deleted") await setTimeout(1);
      return await good.put(key, body, options);
    },
  })),
];
