import type { ListOptions, ObjectStore } from "@mortise/core";
import { compareKeys } from "@mortise/core";
import { equal, holds, refused, stillTold } from "../assert.ts";
import type { CaseContext, ConformanceCase } from "../case.ts";
import { defineCases, listAll, text } from "../case.ts";

/** No name is the folder of another: file systems can't have both. */
const names = [
  "a-b/x",
  "a.txt",
  "a/b",
  "a/c/d",
  "a/c/e",
  "a/c-1",
  "a0",
  "B",
  "b/_",
  "z/é",
  "z/e\u0301",
  "z/\u{1F600}",
  "z/\uFF21",
  "z/~",
  "é/x",
] as const;

async function fill({ store, key }: CaseContext): Promise<void> {
  await Promise.all(names.map((name) => store.put(key(name), text(name))));
}

async function listed({ store, prefix }: CaseContext, options: ListOptions = {}): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const page of store.list({ ...options, prefix: prefix + (options.prefix ?? "") })) {
    for (const { key } of page.objects) found.push(key.slice(prefix.length));
  }
  return found;
}

async function prefixesOf(
  { store, prefix }: CaseContext,
  below: string,
  startAfter?: string,
): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const page of store.list({ prefix: prefix + below, delimiter: "/", startAfter })) {
    for (const common of page.prefixes) found.push(common.slice(prefix.length));
  }
  return found;
}

async function pages(store: ObjectStore, options: ListOptions): Promise<readonly number[]> {
  const found: number[] = [];
  for await (const page of store.list(options)) found.push(page.objects.length + page.prefixes.length);
  return found;
}

const sorted: readonly string[] = [...names].sort(compareKeys);
const after = (name: string): readonly string[] => sorted.filter((other) => compareKeys(other, name) > 0);

/** Listings: complete, in UTF-8 byte order, page by page. */
export const listCases: readonly ConformanceCase[] = defineCases("list", [
  [
    "order",
    "all keys come in UTF-8 byte order, across folders",
    async (context) => {
      await fill(context);
      equal(await listed(context), sorted, "the keys");
    },
  ],
  ["empty", "a prefix without objects lists nothing", async (context) => equal(await listed(context), [], "the keys")],
  [
    "info",
    "each object comes with size, time and the validator that head tells",
    async ({ store, key, prefix }) => {
      await store.put(key("a"), text("seven!!"));
      const [info] = await listAll(store, prefix);
      const head = await store.head(key("a"));
      equal([info?.key, info?.size], [key("a"), 7], "what the listing tells");
      stillTold(info?.etag, head.etag);
      equal(info?.lastModified.getTime(), head.lastModified.getTime(), "lastModified");
    },
  ],
  [
    "prefix-folder",
    "a prefix that ends in a slash lists what is below",
    async (context) => {
      await fill(context);
      equal(await listed(context, { prefix: "a/" }), ["a/b", "a/c-1", "a/c/d", "a/c/e"], "the keys");
    },
  ],
  [
    "prefix-text",
    "a prefix may end in the middle of a segment",
    async (context) => {
      await fill(context);
      equal(
        await listed(context, { prefix: "a" }),
        sorted.filter((name) => name.startsWith("a")),
        "the keys",
      );
      equal(await listed(context, { prefix: "a/c" }), ["a/c-1", "a/c/d", "a/c/e"], "the keys");
    },
  ],
  [
    "prefix-whole",
    "a whole key is a prefix of itself",
    async (context) => {
      await fill(context);
      equal(await listed(context, { prefix: "a/b" }), ["a/b"], "the keys");
    },
  ],
  [
    "prefix-none",
    "a prefix that no key has lists nothing",
    async (context) => {
      await fill(context);
      equal(await listed(context, { prefix: "a/c/d/" }), [], "the keys");
      equal(await listed(context, { prefix: "zz" }), [], "the keys");
    },
  ],
  [
    "prefix-bad",
    "a prefix that no key can have is invalid-key",
    async ({ store }) => {
      for (const prefix of ["../", "/", "a//b", "a/../b", "./a", "a\\", "a\u0000"]) {
        await refused(listAll(store, prefix), "invalid-key", `the prefix ${JSON.stringify(prefix)}`);
      }
    },
  ],
  [
    "start-after",
    "startAfter leaves out the key itself and all before it",
    async (context) => {
      await fill(context);
      for (const name of sorted) {
        equal(await listed(context, { startAfter: context.prefix + name }), after(name), `the keys after ${name}`);
      }
    },
  ],
  [
    "start-after-between",
    "startAfter need not be a key, nor a valid one",
    async (context) => {
      await fill(context);
      for (const name of ["a/", "a/c", "a/c/", "a/c/dd", "", "zzz", "a//"]) {
        equal(await listed(context, { startAfter: context.prefix + name }), after(name), `the keys after ${name}`);
      }
    },
  ],
  [
    "start-after-prefix",
    "startAfter and prefix together",
    async (context) => {
      await fill(context);
      equal(await listed(context, { prefix: "a/", startAfter: `${context.prefix}a/c/d` }), ["a/c/e"], "the keys");
      equal(await listed(context, { prefix: "a/", startAfter: `${context.prefix}b` }), [], "the keys");
    },
  ],
  [
    "page-size",
    "no page is longer than asked, and the pages hold everything once",
    async (context) => {
      await fill(context);
      for (const pageSize of [1, 2, 7, sorted.length, 1_000]) {
        const found = await pages(context.store, { prefix: context.prefix, pageSize });
        holds(
          found.every((count) => count <= pageSize),
          `pages should have at most ${pageSize} entries`,
        );
        equal(await listed(context, { pageSize }), sorted, `the keys with pages of ${pageSize}`);
      }
    },
  ],
  [
    "page-size-bad",
    "a page size below 1 is refused",
    async ({ store, prefix }) => {
      for (const pageSize of [0, -1, 1.5]) {
        await refused(pages(store, { prefix, pageSize }), "unsupported", `a page size of ${pageSize}`);
      }
    },
  ],
  [
    "resume",
    "a listing can be continued from any of its keys",
    async (context) => {
      await fill(context);
      const found: string[] = [];
      // Bounded: a store that never ends fails the comparison instead of hanging the suite.
      while (found.length <= sorted.length) {
        const [next] = await listed(context, { startAfter: context.prefix + (found.at(-1) ?? ""), pageSize: 1 });
        if (next === undefined) break;
        found.push(next);
      }
      equal(found, sorted, "the keys");
    },
  ],
  [
    "delimiter",
    "with a delimiter, folders are prefixes and their objects are left out",
    async (context) => {
      await fill(context);
      equal(await prefixesOf(context, ""), ["a-b/", "a/", "b/", "z/", "é/"], "the prefixes");
      equal(await listed(context, { delimiter: "/" }), ["B", "a.txt", "a0"], "the keys");
    },
  ],
  [
    "delimiter-below",
    "a delimiter works below a prefix, also in the middle of a segment",
    async (context) => {
      await fill(context);
      equal(await prefixesOf(context, "a/"), ["a/c/"], "the prefixes");
      equal(await prefixesOf(context, "a"), ["a-b/", "a/"], "the prefixes");
      equal(await listed(context, { delimiter: "/", prefix: "a/" }), ["a/b", "a/c-1"], "the keys");
    },
  ],
  [
    "delimiter-pages",
    "prefixes count for the page size and come once",
    async (context) => {
      await fill(context);
      const found = await pages(context.store, { prefix: context.prefix, delimiter: "/", pageSize: 3 });
      holds(
        found.every((count) => count <= 3),
        "pages should have at most 3 entries",
      );
      equal(
        found.reduce((sum, count) => sum + count, 0),
        8,
        "the number of entries",
      );
    },
  ],
  [
    "delimiter-start-after",
    "a prefix is shown as long as a key below it is still to come",
    async (context) => {
      await fill(context);
      equal(await prefixesOf(context, "", `${context.prefix}a/c/d`), ["a/", "b/", "z/", "é/"], "the prefixes");
      equal(await prefixesOf(context, "", `${context.prefix}a/c/e`), ["b/", "z/", "é/"], "the prefixes");
    },
  ],
  [
    "delimiter-empty",
    "a folder whose objects were deleted is no prefix any more",
    async (context) => {
      const { store, key } = context;
      await store.put(key("f/a"), text("x"));
      await store.delete(key("f/a"));
      equal(await prefixesOf(context, ""), [], "the prefixes");
    },
  ],
  [
    "many",
    "hundreds of objects in one folder are all listed, in order",
    async (context) => {
      const { store, key } = context;
      const many = Array.from({ length: 300 }, (_, index) => `m/${index}`);
      await Promise.all(many.map((name) => store.put(key(name), text(name))));
      equal(await listed(context, { pageSize: 100 }), many.sort(compareKeys), "the keys");
    },
  ],
  [
    "stop",
    "a listing may be left in the middle, and begun again",
    async (context) => {
      await fill(context);
      const { store, prefix } = context;
      for await (const page of store.list({ prefix, pageSize: 2 })) {
        equal(page.objects.length, 2, "the objects of the first page");
        break;
      }
      equal(await listed(context), sorted, "the keys");
    },
  ],
  [
    "while-deleting",
    "what is listed may be deleted on the way, and everything is reached",
    async (context) => {
      await fill(context);
      const { store, prefix } = context;
      let reached = 0;
      for await (const page of store.list({ prefix, pageSize: 4 })) {
        for (const { key } of page.objects) {
          if ((await store.delete(key)) === "deleted") reached++;
        }
      }
      equal(reached, names.length, "the number of objects reached");
      equal(await listed(context), [], "the keys that are left");
    },
  ],
]);
