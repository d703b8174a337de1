/** The part of a store that its user manages: what `<filepath>` refers to, and what a program may write by itself. */
import type { FileSection, ReadAccess } from "../codec/contract.ts";
import { StoreError, ValueError } from "../errors.ts";
import type { ObjectKey } from "../keys/object-key.ts";
import { parseKey } from "../keys/parse-key.ts";
import type { Sections } from "./contract.ts";
import type { ReadableStore } from "./reference-access.ts";
import { type FileBase, resolveFilePath } from "./resolve-file-path.ts";

/** Which keys of a store are its user's: those outside the reserved sections and inside `filepath_prefix`. */
export interface UserSection {
  /** A path, absolute path or URL as a key. Throws as `resolveFilePath` does. */
  readonly resolve: (path: string) => ObjectKey;
  /** The key itself. Throws as `resolve` does, and `StoreError` `invalid-key` for what is no key. */
  readonly check: (key: ObjectKey) => ObjectKey;
  readonly has: (key: string) => boolean;
  /** Refuses other keys before any I/O; listings ask for no more than this section, and show nothing else. */
  readonly read: Pick<ReadAccess, "get" | "getRanges" | "head" | "list">;
}

/** No I/O; paths are judged by their text, symbolic links by the store. */
export function createUserSection(store: ReadableStore, sections: Sections, base: FileBase): UserSection {
  const root = sections.filepath === undefined ? "" : `${sections.filepath}/`;
  const has = (key: string): boolean => key.startsWith(root) && sections.sectionOf(key) === "filepath";
  const resolve = (path: string): ObjectKey => resolveFilePath(sections, base, path);
  const check = (key: ObjectKey): ObjectKey =>
    has(parseKey(key, { operation: "user files", store: base.store })) ? key : resolve(key);
  const read: UserSection["read"] = {
    get: async (key, options) => store.get(check(key), options),
    getRanges: async (key, ranges, options) => store.getRanges(check(key), ranges, options),
    head: async (key, options) => store.head(check(key), options),
    async *list(options = {}) {
      const prefix = options.prefix ?? root;
      if (!prefix.startsWith(root)) {
        throw new ValueError("outside-prefix", `can't list ${JSON.stringify(prefix)} in store "${base.store}"`, {
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
export function createFileSection(store: ReadableStore, sections: Sections, base: FileBase): FileSection {
  const { resolve, check, read } = createUserSection(store, sections, base);
  const presign = store.presign?.bind(store);
  const objects: ReadAccess = {
    ...read,
    ...(presign === undefined
      ? {}
      : {
          presign: async (request, options) => {
            const { method, key } = request;
            if (method === "GET" || method === "HEAD") return presign({ ...request, key: check(key) }, options);
            throw new StoreError("permission-denied", `codecs can't sign ${method} for the files of users`, {
              operation: "presign",
              store: base.store,
              key,
            });
          },
        }),
  };
  return { store: base.store, resolve, objects };
}
