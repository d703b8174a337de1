import { type ObjectKey, type ObjectStore, parseKey, type ReadAccess, StoreError } from "@mortise/core";

/** What a reader may reach. */
export interface Containment {
  /** Whether this key may be read. */
  allows(key: string): boolean;
  /** The longest text that every allowed key begins with: listings never ask for more. */
  readonly listPrefix: string;
  /** For messages: `the reference _schema/lab/…`. */
  readonly description: string;
}

/** Read access to a part of a store; every other key is refused before any I/O. */
export function containedRead(store: ObjectStore, inside: Containment): ReadAccess {
  const check = (key: ObjectKey, operation: string): ObjectKey => {
    const parsed = parseKey(key, { operation, store: store.protocol });
    if (inside.allows(parsed)) return parsed;
    throw outside(store, inside, operation, key);
  };
  const presign = store.presign?.bind(store);
  return {
    get: async (key, options) => await store.get(check(key, "get"), options),
    getRanges: async (key, ranges, options) => await store.getRanges(check(key, "get"), ranges, options),
    head: async (key, options) => await store.head(check(key, "head"), options),
    async *list(options = {}) {
      const prefix = options.prefix ?? inside.listPrefix;
      if (!prefix.startsWith(inside.listPrefix)) throw outside(store, inside, "list", prefix);
      for await (const page of store.list({ ...options, prefix })) {
        yield {
          objects: page.objects.filter(({ key }) => inside.allows(key)),
          prefixes: page.prefixes.filter((folder) => inside.allows(folder.slice(0, -1))),
        };
      }
    },
    ...(presign === undefined
      ? {}
      : {
          presign: async (request, options) =>
            await presign({ ...request, key: check(request.key, "presign") }, options),
        }),
  };
}

function outside(store: ObjectStore, inside: Containment, operation: string, key: string): StoreError {
  return new StoreError("invalid-key", `${JSON.stringify(key)} lies outside ${inside.description}`, {
    operation,
    store: store.protocol,
    hint: "a reference gives access to its own object or folder only",
  });
}
