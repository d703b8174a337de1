import { equalBytes, refused } from "../assert.ts";
import type { ConformanceCase } from "../case.ts";
import { defineCases, pattern, readAll, text } from "../case.ts";

/** `ensureDurable`, for stores that have it. That a power cut leaves the object can't be tried from outside. */
export const durableCases: readonly ConformanceCase[] = defineCases("durable", [
  [
    "present",
    "an object can be made durable, again and again, and stays what it is",
    async ({ store, key }) => {
      await store.put(key("a/b/c"), pattern(70_000));
      await store.ensureDurable?.(key("a/b/c"));
      await Promise.all([store.ensureDurable?.(key("a/b/c")), store.ensureDurable?.(key("a/b/c"))]);
      equalBytes(await readAll(store, key("a/b/c")), pattern(70_000));
    },
  ],
  [
    "missing",
    "what is missing is not said to be durable",
    async ({ store, key }) => {
      if (store.ensureDurable === undefined) return;
      await store.put(key("a/b"), text("x"));
      await refused(store.ensureDurable(key("b")), "not-found", "a missing object");
      await refused(store.ensureDurable(key("a")), "not-found", "a folder");
      await refused(store.ensureDurable(key("a/b/c")), "not-found", "a key below an object");
    },
  ],
  [
    "closed",
    "a closed store makes nothing durable",
    async ({ store, key }) => {
      await store.put(key("a"), text("x"));
      await store.close();
      if (store.ensureDurable !== undefined) await refused(store.ensureDurable(key("a")), "aborted", "ensureDurable");
    },
  ],
]);
