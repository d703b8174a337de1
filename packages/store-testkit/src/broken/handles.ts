import type { GetResult, ListPage, ObjectInfo, ObjectKey, PutOptions } from "@mortise/core";
import { bufferedResult, storeError } from "@mortise/store-kit";
import type { BrokenStore } from "./break.ts";
import { broken } from "./break.ts";

/** Stores that are right as long as nobody else has opened them: each opening has a memory of its own. */
export const brokenHandles: readonly BrokenStore[] = [
  broken("remembers what it has read", () => (good) => {
    const known = new Map<ObjectKey, GetResult>();
    return {
      async get(key, options) {
        if (options !== undefined) return await good.get(key, options);
        const { info, range } = known.get(key) ?? (await good.get(key));
        const bytes = (await known.get(key)?.bytes()) ?? (await (await good.get(key)).bytes());
        known.set(key, bufferedResult(info, range, bytes));
        return bufferedResult(info, range, bytes);
      },
      async put(key, ...rest) {
        known.delete(key);
        return await good.put(key, ...rest);
      },
      async delete(key, options) {
        known.delete(key);
        return await good.delete(key, options);
      },
    };
  }),
  broken("remembers what it has listed until it writes", () => (good) => {
    const known = new Map<string, readonly ListPage[]>();
    return {
      async *list(options = {}) {
        const name = JSON.stringify({ ...options, signal: undefined });
        const pages: ListPage[] = [];
        if (!known.has(name)) for await (const page of good.list(options)) pages.push(page);
        if (!known.has(name)) known.set(name, pages);
        yield* known.get(name) ?? [];
      },
      async put(...call) {
        known.clear();
        return await good.put(...call);
      },
      async delete(...call) {
        known.clear();
        return await good.delete(...call);
      },
    };
  }),
  broken("makes each folder once", () => {
    const folders = new Set<string>();
    const folderOf = (key: ObjectKey): string => key.slice(0, key.lastIndexOf("/"));
    return (good) => {
      const made = new Set<string>();
      return {
        async put(key, body, options) {
          const folder = folderOf(key);
          if (!made.has(folder)) folders.add(folder);
          made.add(folder);
          if (!folders.has(folder))
            throw storeError({ operation: "put", store: "broken", key }, "not-found", "no folder");
          return await good.put(key, body, options);
        },
        async delete(key, options) {
          const outcome = await good.delete(key, options);
          const left: ObjectInfo[] = [];
          for await (const page of good.list({ prefix: `${folderOf(key)}/` })) left.push(...page.objects);
          if (left.length === 0) {
            folders.delete(folderOf(key));
            made.delete(folderOf(key));
          }
          return outcome;
        },
      };
    };
  }),
  broken("compares conditions with what it wrote itself", () => (good) => {
    const own = new Map<ObjectKey, string | undefined>();
    return {
      async put(key, body, options) {
        const { mode } = options ?? {};
        const fits = typeof mode === "object" ? own.get(key) === mode.ifMatch : mode === "create" && !own.has(key);
        const call: PutOptions = fits ? { ...options, mode: undefined } : { ...options };
        const result = await good.put(key, body, call);
        own.set(key, result.etag);
        return result;
      },
      async delete(key, options) {
        own.delete(key);
        return await good.delete(key, options);
      },
    };
  }),
];
