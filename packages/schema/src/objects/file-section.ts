import {
  type FileSection,
  type ObjectKey,
  type ObjectStore,
  parseKey,
  type ReadAccess,
  resolveFilePath,
  StoreError,
  storeBaseUrl,
  ValueError,
} from "@mortise/core";
import type { StoreLayout } from "./store-access.ts";

/** Which keys of a store are its user's to manage: those outside the reserved sections and inside `filepath_prefix`. */
export interface UserSection {
  /** A path, absolute path or URL as a key. Throws `ValueError`: `invalid-path`, `reserved-path`, `outside-prefix`, `outside-store`. */
  readonly resolve: (path: string) => ObjectKey;
  /** The key itself. Throws as `resolve` does, and `StoreError` `invalid-key` for what is no key. */
  readonly check: (key: ObjectKey) => ObjectKey;
  readonly has: (key: string) => boolean;
  /** Refuses other keys before any I/O; listings ask for no more than this section, and show nothing else. */
  readonly read: Pick<ObjectStore, "get" | "getRanges" | "head" | "list">;
}

/** The part of a store that is its user's. No I/O; paths are judged by their text, links by the store. */
export function userSection(layout: StoreLayout, store: ObjectStore): UserSection {
  const { sections, settings, name } = layout;
  const root = sections.filepath === undefined ? "" : `${sections.filepath}/`;
  // A file store resolves symbolic links in its location; users know the folder by the name they configured.
  const aliases = settings["protocol"] === "file" ? [storeBaseUrl({ ...settings, protocol: "file" })] : [];
  const base = { store: name, baseUrl: store.baseUrl, aliases };
  const has = (key: string): boolean => key.startsWith(root) && sections.sectionOf(key) === "filepath";
  const resolve = (path: string): ObjectKey => resolveFilePath(sections, base, path);
  const check = (key: ObjectKey): ObjectKey =>
    has(parseKey(key, { operation: "user files", store: name })) ? key : resolve(key);
  const read: UserSection["read"] = {
    get: async (key, options) => await store.get(check(key), options),
    getRanges: async (key, ranges, options) => await store.getRanges(check(key), ranges, options),
    head: async (key, options) => await store.head(check(key), options),
    async *list(options = {}) {
      const prefix = options.prefix ?? root;
      if (!prefix.startsWith(root)) {
        throw new ValueError("outside-prefix", `can't list ${JSON.stringify(prefix)} in store "${name}"`, {
          hint: `users' files stand below ${root}`,
        });
      }
      for await (const page of store.list({ ...options, prefix })) {
        yield {
          objects: page.objects.filter(({ key }) => has(key)),
          prefixes: page.prefixes.filter((folder) => has(folder)),
        };
      }
    },
  };
  return { resolve, check, has, read };
}

/** What `<filepath@>` sees of a store: it reads, and signs nothing but reading. */
export function createFileSection(layout: StoreLayout, store: ObjectStore): FileSection {
  const { resolve, check, read } = userSection(layout, store);
  const presign = store.presign?.bind(store);
  const objects: ReadAccess = {
    ...read,
    ...(presign === undefined
      ? {}
      : {
          presign: async (request, options) => {
            const { method, key } = request;
            if (method === "GET" || method === "HEAD") return await presign({ ...request, key: check(key) }, options);
            throw new StoreError("permission-denied", `codecs can't sign ${method} for the files of users`, {
              operation: "presign",
              store: layout.name,
              key,
            });
          },
        }),
  };
  return { store: layout.name, resolve, objects };
}
