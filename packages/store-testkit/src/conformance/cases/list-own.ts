import type { ListOptions, ObjectStore } from "@mortise/core";
import { parseKey } from "@mortise/core";
import { equal, holds } from "../assert.ts";
import type { ConformanceCase } from "../case.ts";
import { defineCases, text } from "../case.ts";

/** Keys and prefixes that contain `id`: at the root of a shared bucket there may be others. */
async function ofId(store: ObjectStore, id: string, options: ListOptions): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { objects, prefixes } of store.list(options))
    found.push(...objects.map(({ key }) => key), ...prefixes);
  return found.filter((name) => name.includes(id));
}

/** What is Mortise's own is not listed, and nothing else is hidden. */
export const listOwnCases: readonly ConformanceCase[] = defineCases("list", [
  [
    "own-root",
    "nothing of _mortise/ is shown, by no prefix",
    async ({ store, key }) => {
      await store.put(key("a"), text("x"));
      for (const prefix of ["", "_", "_mortise", "_mortise/"]) {
        for await (const page of store.list({ prefix })) {
          const shown = [...page.objects.map((info) => info.key), ...page.prefixes];
          holds(
            !shown.some((name) => name.startsWith("_mortise/")),
            `${JSON.stringify(prefix)} should not show _mortise/`,
          );
          if (prefix === "") break;
        }
      }
    },
  ],
  [
    "like-ours",
    "keys that only begin like _mortise/ are listed, before it and after it",
    async ({ store }) => {
      const id = crypto.randomUUID();
      const [before, after] = [parseKey(`_mortise-${id}/a`), parseKey(`_mortise0-${id}/a`)];
      try {
        await Promise.all([before, after].map((key) => store.put(key, text("x"))));
        const prefix = "_mortise";
        equal(await ofId(store, id, { prefix }), [before, after], "the keys");
        // What is hidden lies between them: a page of nothing else must not end the listing.
        equal(await ofId(store, id, { prefix, pageSize: 1 }), [before, after], "the keys, one a page");
        equal(await ofId(store, id, { prefix: before.slice(0, -1) }), [before], "the keys of one folder");
        equal(await ofId(store, id, { prefix, startAfter: "_mortise/zzz" }), [after], "the keys after ours");
        const folders = [before, after].map((key) => key.slice(0, -1));
        equal(await ofId(store, id, { prefix, delimiter: "/" }), folders, "the prefixes");
      } finally {
        await store.deleteMany([before, after]);
      }
    },
  ],
]);
