import type { ObjectReference, ReadAccess, ReferenceAccess } from "../codec/contract.ts";
import { StoreError, ValueError } from "../errors.ts";
import type { ObjectKey } from "../keys/object-key.ts";
import { parseKey } from "../keys/parse-key.ts";
import type { ListPage, ObjectStore } from "../store/contract.ts";
import { encodePath } from "../urls/paths.ts";
import type { Sections } from "./contract.ts";
import { isWithin, mortiseRoot } from "./parse-sections.ts";

/** As much of a store as reading needs. */
export type ReadableStore = ReadAccess & Pick<ObjectStore, "baseUrl">;

const manifestSuffix = ".manifest.json";

/**
 * Where a recorded path may point. Hash and schema references are followed wherever they are: prefixes change, and older
 * releases wrote at the root. A file reference must not be a way into what Mortise manages.
 */
function checkedPath(reference: ObjectReference, sections: Sections): ObjectKey {
  const path = parseKey(reference.path, { operation: "open", store: reference.store });
  const section = sections.sectionOf(path);
  const reserved = section === "mortise" || isWithin(mortiseRoot, path);
  const managed = section === "hash" || (section === "schema" && sections.schema !== "");
  if (!reserved && !(reference.section === "filepath" && managed)) return path;
  throw new ValueError(
    "reserved-path",
    `${path} of store "${reference.store}" can't be read as a ${reference.section} object: it lies in the ${section} section`,
    { hint: "The row was not written by Mortise, or the store's prefixes have changed since." },
  );
}

/**
 * Read access to one object, or to what lies below one prefix and its manifest; no I/O. Throws `StoreError`
 * `invalid-key` or `ValueError` `reserved-path` for a recorded path that must not be followed. Keys outside of the
 * reference are refused as `permission-denied`, other methods than GET and HEAD in `presign` as well.
 */
export function createReferenceAccess(
  store: ReadableStore,
  sections: Sections,
  reference: ObjectReference,
): ReferenceAccess {
  const path = checkedPath(reference, sections);
  const folder = `${path}/`;
  const contains = (key: string): boolean =>
    key === path || (reference.shape === "prefix" && (key.startsWith(folder) || key === path + manifestSuffix));

  const deny = (operation: string, what: string): StoreError =>
    new StoreError("permission-denied", `${what} is outside of ${path}, which this value refers to`, {
      operation,
      store: reference.store,
    });
  const within = (operation: string, key: ObjectKey): ObjectKey => {
    // Checked again: a codec may have made the key by a cast.
    if (contains(parseKey(key, { operation, store: reference.store }))) return key;
    throw deny(operation, key);
  };

  async function* list(options: Parameters<ReadAccess["list"]>[0] = {}): AsyncGenerator<ListPage> {
    const prefix = options.prefix ?? (reference.shape === "prefix" ? folder : path);
    if (prefix !== path && !contains(prefix)) throw deny("list", prefix);
    // "scan" as a prefix would also show "scan2/…": a page is cut to what belongs to the reference.
    for await (const page of store.list({ ...options, prefix })) {
      yield {
        objects: page.objects.filter((info) => contains(info.key)),
        prefixes: page.prefixes.filter((common) => common === folder || contains(common)),
      };
    }
  }

  const presign = store.presign?.bind(store);
  const objects: ReadAccess = {
    get: async (key, options) => store.get(within("get", key), options),
    getRanges: async (key, ranges, options) => store.getRanges(within("getRanges", key), ranges, options),
    head: async (key, options) => store.head(within("head", key), options),
    list,
    ...(presign === undefined
      ? {}
      : {
          presign: async (request, options) => {
            if (request.method !== "GET" && request.method !== "HEAD")
              throw deny("presign", `${request.method} access`);
            return presign({ ...request, key: within("presign", request.key) }, options);
          },
        }),
  };
  return {
    reference,
    // Made when asked for: encoding a path takes longer than all else here, and most readers never look.
    get url() {
      return `${store.baseUrl.replace(/\/$/, "")}/${encodePath(path)}`;
    },
    objects,
  };
}
