import type { ListOptions, ListPage, ObjectKey, ObjectStore } from "@mortise/core";
import { abortedError } from "@mortise/store-kit";
import type { Break, BrokenStore } from "./break.ts";
import { broken } from "./break.ts";

/** A listing with other options. */
function asked(change: (options: ListOptions) => ListOptions): () => Break {
  return () => (good) => ({ list: (options = {}) => good.list(change(options)) });
}

/** A listing with other pages. */
function paged(change: (pages: readonly ListPage[], options: ListOptions) => readonly ListPage[]): () => Break {
  return () => (good) => ({
    async *list(options = {}) {
      yield* replay(change(await all(good, options), options), options);
    },
  });
}

/** A listing that was read ahead still ends when its signal aborts: that is another rule. */
function* replay(pages: readonly ListPage[], options: ListOptions): Generator<ListPage> {
  for (const page of pages) {
    yield page;
    if (options.signal?.aborted === true) throw abortedError({ operation: "list", store: "broken" });
  }
}

async function all(store: ObjectStore, options: ListOptions): Promise<readonly ListPage[]> {
  const pages: ListPage[] = [];
  for await (const page of store.list(options)) pages.push(page);
  return pages;
}

const each = (change: (page: ListPage) => ListPage) => paged((pages) => pages.map(change));
const utf16 = (left: { readonly key: string }, right: { readonly key: string }): number =>
  left.key < right.key ? -1 : 1;

/** Stores that list wrongly. */
export const brokenListers: readonly BrokenStore[] = [
  broken(
    "lists in UTF-16 order",
    each((page) => ({ ...page, objects: page.objects.toSorted(utf16) })),
  ),
  broken(
    "lists backwards",
    each(({ objects, prefixes }) => ({ objects: objects.toReversed(), prefixes: prefixes.toReversed() })),
  ),
  broken(
    "lists each folder as a whole before the next name",
    each((page) => ({
      ...page,
      objects: page.objects.toSorted((left, right) =>
        utf16({ key: left.key.replaceAll("/", "\u0001") }, { key: right.key.replaceAll("/", "\u0001") }),
      ),
    })),
  ),
  broken(
    "leaves the last object out",
    paged((pages) =>
      pages.map((page, index) => (index === pages.length - 1 ? { ...page, objects: page.objects.slice(0, -1) } : page)),
    ),
  ),
  broken(
    "lists at most 150 objects",
    paged((pages) => {
      let left = 150;
      return pages.map((page) => {
        const objects = page.objects.slice(0, left);
        left -= objects.length;
        return { ...page, objects };
      });
    }),
  ),
  broken(
    "lists the first page only",
    paged((pages) => pages.slice(0, 1)),
  ),
  broken(
    "shows what is not there",
    paged((pages, { prefix = "" }) => {
      if (pages.length > 0) return pages;
      return [{ objects: [{ key: `${prefix}x` as ObjectKey, size: 0, lastModified: new Date() }], prefixes: [] }];
    }),
  ),
  broken("lists something for a prefix of nothing", () => (good) => ({
    async *list(options = {}) {
      const pages = await all(good, options);
      if (pages.length > 0) yield* replay(pages, options);
      else yield* replay(await all(good, { ...options, prefix: options.prefix?.replace(/[^/]+\/?$/, "") }), options);
    },
  })),
  broken(
    "takes a prefix for a folder",
    asked((options) => ({ ...options, prefix: options.prefix && `${options.prefix.replace(/\/$/, "")}/` })),
  ),
  broken(
    "cuts a prefix at its last slash",
    asked((options) => ({ ...options, prefix: options.prefix?.replace(/[^/]*$/, "") })),
  ),
  broken("accepts any prefix", () => (good) => ({
    async *list(options = {}) {
      yield* replay(await all(good, options).catch(() => []), options);
    },
  })),
  broken(
    "ignores startAfter",
    asked((options) => ({ ...options, startAfter: undefined })),
  ),
  broken("begins with startAfter itself", () => (good) => ({
    async *list(options = {}) {
      if (options.startAfter !== undefined) {
        const exact = (await all(good, { prefix: options.startAfter }))
          .flatMap((page) => page.objects)
          .filter((info) => info.key === options.startAfter);
        if (exact.length > 0) yield { objects: exact, prefixes: [] };
      }
      yield* good.list(options);
    },
  })),
  broken(
    "ignores the page size",
    asked((options) => ({ ...options, pageSize: undefined })),
  ),
  broken("counts only objects for the page size", () => (good) => ({
    async *list(options = {}) {
      if (options.delimiter === undefined) yield* good.list(options);
      else yield* replay(await all(good, { ...options, pageSize: undefined }), options);
    },
  })),
  broken(
    "ignores the delimiter",
    asked((options) => ({ ...options, delimiter: undefined })),
  ),
  broken(
    "shows every prefix twice",
    each((page) => ({ ...page, prefixes: page.prefixes.flatMap((prefix) => [prefix, prefix]) })),
  ),
  broken(
    "hides a prefix that startAfter is in",
    paged((pages, options) =>
      pages.map((page) => ({
        ...page,
        prefixes: page.prefixes.filter((prefix) => options.startAfter?.startsWith(prefix) !== true),
      })),
    ),
  ),
  broken("goes on showing prefixes without objects", () => {
    const seen = new Set<string>();
    return (good) => ({
      put: async (key, body, options) => {
        seen.add(key.slice(0, key.lastIndexOf("/") + 1));
        return await good.put(key, body, options);
      },
      async *list(options = {}) {
        yield* good.list(options);
        const { prefix = "" } = options;
        const empty = [...seen].filter((folder) => folder.startsWith(prefix) && folder.length > prefix.length);
        if (options.delimiter !== undefined && (await all(good, options)).length === 0)
          yield { objects: [], prefixes: empty };
      },
    });
  }),
  broken(
    "hides all that begins like _mortise",
    each(({ objects, prefixes }) => ({
      objects: objects.filter((info) => !info.key.startsWith("_mortise")),
      prefixes: prefixes.filter((prefix) => !prefix.startsWith("_mortise")),
    })),
  ),
  broken("shows _mortise/", () => (good) => ({
    async *list(options = {}) {
      const own = await good.head("_mortise/store.json" as Parameters<typeof good.head>[0]).catch(() => undefined);
      if (own !== undefined && own.key.startsWith(options.prefix ?? "")) yield { objects: [own], prefixes: [] };
      yield* good.list(options);
    },
  })),
  broken(
    "tells no times",
    each((page) => ({ ...page, objects: page.objects.map((info) => ({ ...info, lastModified: new Date(0) })) })),
  ),
  broken("lists from a cache", () => {
    const cache = new Map<string, readonly ListPage[]>();
    return (good) => ({
      async *list(options = {}) {
        const name = JSON.stringify({ ...options, signal: undefined });
        const pages = cache.get(name) ?? (await all(good, options));
        cache.set(name, pages);
        yield* replay(pages, options);
      },
    });
  }),
  broken("skips as many as were deleted on the way", () => (good) => ({
    async *list(options = {}) {
      const { pageSize = 1_000 } = options;
      for (let start = 0; ; start += pageSize) {
        const objects = (await all(good, { ...options, pageSize: undefined })).flatMap((page) => page.objects);
        if (start >= objects.length) return;
        yield { objects: objects.slice(start, start + pageSize), prefixes: [] };
      }
    },
  })),
  broken("lists on after it was left", () => {
    let left: number | undefined;
    return (good) => ({
      async *list(options = {}) {
        const pages = await all(good, options);
        let index = left ?? 0;
        left = undefined;
        try {
          for (; index < pages.length; index++) yield pages[index] as ListPage;
        } finally {
          if (index < pages.length) left = index + 1;
        }
      },
    });
  }),
];
