import { equal, equalBytes, holds, refused } from "../assert.ts";
import type { ConformanceCase } from "../case.ts";
import { defineCases, listAll, readAll, text } from "../case.ts";

/** `prepare`, which finds out what a server really does. */
export const prepareCases: readonly ConformanceCase[] = defineCases("prepare", [
  [
    "again",
    "a store may be prepared at any time, again and at once, and works on",
    async ({ store, key }) => {
      await Promise.all([store.prepare?.(), store.prepare?.()]);
      await store.put(key("a"), text("x"));
      await store.prepare?.();
      equalBytes(await readAll(store, key("a")), text("x"));
    },
    "prepare",
  ],
  [
    "settles",
    "what a store can do does not change once it is prepared",
    async ({ store, key, another }) => {
      await store.prepare?.();
      const modes = [...store.capabilities.putModes];
      await store.put(key("a"), text("x"));
      await store.prepare?.();
      equal([...store.capabilities.putModes], modes, "the put modes");
      const other = await another();
      await other.prepare?.();
      equal([...other.capabilities.putModes], modes, "the put modes of a store opened later");
    },
    "prepare",
  ],
  [
    "leaves-nothing",
    "preparing leaves nothing that a listing shows",
    async ({ store, prefix, another }) => {
      const before = await shown(store);
      const other = await another();
      await other.prepare?.();
      const added = [...(await shown(store))].filter((name) => !before.has(name) && !name.startsWith("conformance/"));
      equal(added, [], "what is new at the root");
      equal((await listAll(store, prefix)).length, 0, "the number of objects");
    },
    "prepare",
  ],
  [
    "closed",
    "a closed store can't be prepared",
    async ({ store }) => {
      await store.close();
      holds(store.prepare !== undefined, "a closed store should still have prepare");
      await refused(store.prepare(), "aborted", "prepare");
    },
    "prepare",
  ],
]);

/** The names at the root. */
async function shown(store: Parameters<typeof listAll>[0]): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for await (const page of store.list({ delimiter: "/" })) {
    for (const { key } of page.objects) names.add(key);
    for (const name of page.prefixes) names.add(name);
  }
  return names;
}
