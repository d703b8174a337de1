import {
  type Codec,
  definePlugin,
  type FileSection,
  isStoreError,
  type ObjectReference,
  parseKey,
  requireStore,
  ValueError,
} from "@mortise/core";
import { formatTimestamp, isObjectRef, ObjectRef, parseMetadata } from "@mortise/object-ref";

/** A path inside the store, relative or absolute, its URL, or what was fetched from a `<filepath>` of the same store. */
export type FilepathInput = string | URL | ObjectRef;

/** The column value of a `<filepath@>`: exactly the keys that DataJoint for Python writes and reads. */
export interface FilepathMetadata {
  readonly path: string;
  readonly store: string;
  /** Bytes; null for a folder. */
  readonly size: number | null;
  readonly is_dir: boolean;
  /** When the row was made, not when the file was. UTC, six fraction digits, `+00:00`. */
  readonly timestamp: string;
}

export type FilepathCodec = Codec<"filepath", FilepathInput, ObjectRef, FilepathMetadata, string | ObjectRef>;

/** Size of a file, null for a folder. The file must be there: the row would promise what nobody can read. */
async function sizeOf(files: FileSection, path: string, signal: AbortSignal): Promise<number | null> {
  try {
    return (await files.objects.head(parseKey(path), { signal })).size;
  } catch (error) {
    if (!isStoreError(error, "not-found")) throw error;
  }
  for await (const page of files.objects.list({ prefix: `${path}/`, pageSize: 1, signal })) {
    if (page.objects.length > 0) return null;
  }
  throw new ValueError("source-not-found", `${path} does not exist in store ${JSON.stringify(files.store)}`, {
    hint: "create the file first, for example with (await project.store(name)).put(parseKey(path), bytes)",
  });
}

function referenceOf(stored: unknown): ObjectReference {
  const { path, store, isDir } = parseMetadata(stored);
  return { store: store ?? "", section: "filepath", path, shape: isDir ? "prefix" : "object" };
}

/**
 * `<filepath@store>`: a reference to a file or folder that the user manages. Nothing is copied, deduplicated or ever
 * deleted; what is fetched is an `ObjectRef`. A recorded path that leads out of the section is refused when it is used,
 * not when the row is fetched.
 */
export const filepathCodec: FilepathCodec = definePlugin({
  kind: "codec",
  apiVersion: 1,
  name: "filepath",
  origin: import.meta.url,

  storageType(mode) {
    requireStore("filepath", mode);
    return "json";
  },

  accept(value, site) {
    if (typeof value === "string") return value;
    if (value instanceof URL) return value.href;
    if (isObjectRef(value)) return value;
    throw new ValueError(
      "wrong-type",
      `<filepath> expects a path, URL or fetched reference, got ${value === null ? "null" : typeof value}`,
      {
        site,
        hint: "pass the path of a file that is in the store already",
      },
    );
  },

  async encode(value, context) {
    const files = await context.files();
    if (typeof value !== "string" && value.store !== files.store) {
      throw new ValueError(
        "outside-store",
        `${value.path} is in store ${JSON.stringify(value.store)}, not in ${JSON.stringify(files.store)}`,
        { hint: "copy the file to the column's store, and insert its path there" },
      );
    }
    const path = files.resolve(typeof value === "string" ? value : value.path);
    const size = await sizeOf(files, path, context.signal);
    return { path, store: files.store, size, is_dir: size === null, timestamp: formatTimestamp(new Date()) };
  },

  decode(stored, context) {
    const fields = parseMetadata(stored);
    const store = context.storeOf(fields.store);
    return new ObjectRef({ ...fields, store }, () => context.open({ ...referenceOf(stored), store }));
  },

  references: (stored) => [referenceOf(stored)],
});
