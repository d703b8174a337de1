import {
  type ByteRange,
  type Bytes,
  CodecError,
  isStoreError,
  type OperationOptions,
  type PresignedRequest,
  type ReadAccess,
  type ReferenceAccess,
  StoreError,
} from "@mortise/core";
import { type DownloadOptions, downloadFolder, downloadObject } from "./download.ts";
import { translateMissing } from "./errors.ts";
import { type FolderFile, filesBelow, type ListingOptions, namesAt, type WalkEntry, walkBelow } from "./listing.ts";
import { keyOf, type OpenReference, prefixOf } from "./location.ts";
import { type ObjectFields, parseMetadata } from "./metadata.ts";
import { formatTimestamp } from "./timestamp.ts";
import { type VerifyOptions, type VerifyResult, verifyFile, verifyFolder } from "./verify.ts";

export interface ReadOptions extends OperationOptions {
  readonly range?: ByteRange | undefined;
}

/** Whether a value is an `ObjectRef`, of whatever copy of this package. */
export function isObjectRef(value: unknown): value is ObjectRef {
  return typeof value === "object" && value !== null && (value as Partial<ObjectRef>)["~mortise.object-ref"] === true;
}

/**
 * A file or folder in a store, as fetched: its metadata, and the ways to read it. Nothing is read before one of the
 * methods is called, and every method reaches this object only.
 *
 * | method | file | folder |
 * |---|---|---|
 * | `read`, `stream`, `ranges` | the object | one of its files, by `subpath` |
 * | `list`, `files`, `walk` | error `unsupported` | names of a level, all files, level by level |
 * | `download`, `exists`, `verify`, `url` | yes | yes |
 * | `presign` | yes | one of its files |
 */
export class ObjectRef implements ObjectFields {
  /** What `isObjectRef` looks for: two copies of this package have two classes, and one name. */
  declare readonly "~mortise.object-ref": true;
  readonly path: string;
  readonly store: string | null;
  readonly size: number | null;
  readonly hash: string | null;
  readonly ext: string | null;
  readonly isDir: boolean;
  readonly timestamp: Date | null;
  readonly mimeType: string | null;
  readonly itemCount: number | null;
  readonly #open: OpenReference | undefined;

  static {
    // Neither shows among the fields: one is for `isObjectRef`, the other is what Node's `console.log` prints.
    Object.defineProperty(this.prototype, "~mortise.object-ref", { value: true });
    Object.defineProperty(this.prototype, Symbol.for("nodejs.util.inspect.custom"), {
      value(this: ObjectRef) {
        return `ObjectRef(${this.isDir ? "folder" : "file"}: ${this.path}, size=${this.size ?? "unknown"})`;
      },
    });
  }

  #access: Promise<ReferenceAccess> | undefined;

  /** `open` is absent for a reference that only shows metadata. */
  constructor(fields: ObjectFields, open?: OpenReference) {
    this.path = fields.path;
    this.store = fields.store;
    this.size = fields.size;
    this.hash = fields.hash;
    this.ext = fields.ext;
    this.isDir = fields.isDir;
    this.timestamp = fields.timestamp;
    this.mimeType = fields.mimeType;
    this.itemCount = fields.itemCount;
    this.#open = open;
  }

  /** From a column's raw value, as an object or as text. Throws `CodecError` `corrupt`. */
  static fromJSON(stored: unknown, open?: OpenReference): ObjectRef {
    return new ObjectRef(parseMetadata(stored), open);
  }

  /** The whole object, or one file of a folder, in memory. */
  async read(subpath?: string, options: ReadOptions = {}): Promise<Bytes> {
    const key = keyOf(this, "read", subpath);
    return await this.#using(key, async (objects) => {
      await using result = await objects.get(key, options);
      return await result.bytes();
    });
  }

  /** The bytes as they arrive. Cancel the stream if it is not read to its end. */
  async stream(subpath?: string, options: ReadOptions = {}): Promise<ReadableStream<Bytes>> {
    const key = keyOf(this, "stream", subpath);
    return await this.#using(key, async (objects) => (await objects.get(key, options)).body);
  }

  /** Several ranges of one object, neighbouring ones read together. */
  async ranges(
    ranges: readonly ByteRange[],
    subpath?: string,
    options: OperationOptions = {},
  ): Promise<readonly Bytes[]> {
    const key = keyOf(this, "read", subpath);
    return await this.#using(key, (objects) => objects.getRanges(key, ranges, options));
  }

  /** Names of one level of a folder, files before folders. */
  async list(subpath = "", options: ListingOptions = {}): Promise<readonly string[]> {
    const prefix = prefixOf(this, "list", subpath);
    const { files, directories } = await namesAt((await this.#reference()).objects, prefix, options);
    return [...files, ...directories];
  }

  /** Every file of a folder with its size, in byte order of the paths: the keys a Zarr reader sees. */
  async *files(subpath = "", options: ListingOptions = {}): AsyncGenerator<FolderFile, void, undefined> {
    const prefix = prefixOf(this, "list", subpath);
    yield* filesBelow((await this.#reference()).objects, prefix, options);
  }

  /** Level by level, top-down, beginning with `""`. */
  async *walk(options: ListingOptions = {}): AsyncGenerator<WalkEntry, void, undefined> {
    const prefix = prefixOf(this, "walk", "");
    yield* walkBelow((await this.#reference()).objects, prefix, options);
  }

  /**
   * A file goes into `destination` if that is a folder, else to exactly that path; the files of a folder go directly
   * into `destination`. Returns the final path. Throws `ValueError` `destination-exists` when a different file is there.
   */
  async download(
    destination: string | URL,
    options: DownloadOptions & { readonly subpath?: string | undefined } = {},
  ): Promise<string> {
    const { subpath } = options;
    if (this.isDir && (subpath === undefined || subpath === "")) {
      const prefix = prefixOf(this, "download", "");
      return await downloadFolder((await this.#reference()).objects, prefix, this, destination, options);
    }
    const key = keyOf(this, "download", subpath);
    return await this.#using(key, (objects) => downloadObject(objects, key, this, destination, options));
  }

  /** Whether the object is there; for a folder, whether it has any file. */
  async exists(subpath?: string, options: OperationOptions = {}): Promise<boolean> {
    const { objects } = await this.#reference();
    if (this.isDir && (subpath === undefined || subpath === "")) {
      for await (const page of objects.list({
        prefix: prefixOf(this, "test", ""),
        pageSize: 1,
        signal: options.signal,
      })) {
        if (page.objects.length > 0) return true;
      }
      return false;
    }
    const key = keyOf(this, "test", subpath);
    return await objects.head(key, options).then(
      () => true,
      (error: unknown) => {
        if (isStoreError(error, "not-found")) return false;
        throw error;
      },
    );
  }

  /** Compares with what was recorded: size and hash of a file, the manifest of a folder. Throws `IntegrityError`. */
  async verify(options: VerifyOptions = {}): Promise<VerifyResult> {
    const { objects } = await this.#reference();
    return this.isDir ? await verifyFolder(objects, this, options) : await verifyFile(objects, this, options);
  }

  /** The uniform URL (`file://`, `s3://`, `gs://`, `az://`), percent-encoded; opening the store needs no request. */
  async url(): Promise<string> {
    return (await this.#reference()).url;
  }

  /** A URL that reads without credentials for a while: treat it as a secret. Throws `unsupported` where there are none. */
  async presign(
    options: OperationOptions & { readonly expiresInSeconds: number; readonly subpath?: string | undefined },
  ): Promise<PresignedRequest> {
    const key = keyOf(this, "presign", options.subpath);
    const { objects } = await this.#reference();
    if (objects.presign === undefined) {
      throw new StoreError("unsupported", `store ${JSON.stringify(this.store)} can't sign URLs`, {
        operation: "presign",
        store: this.store ?? "",
        key,
        hint: "read() or stream() the object instead",
      });
    }
    return await objects.presign({ method: "GET", key, expiresInSeconds: options.expiresInSeconds }, options);
  }

  /** The names other writers use, as in the column. */
  toJSON(): object {
    return {
      path: this.path,
      size: this.size,
      hash: this.hash,
      ext: this.ext,
      is_dir: this.isDir,
      timestamp: this.timestamp === null ? null : formatTimestamp(this.timestamp),
      ...(this.store === null ? {} : { store: this.store }),
      ...(this.mimeType === null ? {} : { mime_type: this.mimeType }),
      ...(this.itemCount === null ? {} : { item_count: this.itemCount }),
    };
  }

  toString(): string {
    return this.path;
  }

  /** Opened once; a failure to open is not remembered, because the store may come back. */
  async #reference(): Promise<ReferenceAccess> {
    if (this.#open === undefined) {
      throw new CodecError(
        "unsupported",
        `no storage backend: the reference to ${this.path} was made without a store`,
        {
          hint: "fetch the row through a project whose configuration has the store",
        },
      );
    }
    this.#access ??= this.#open();
    try {
      return await this.#access;
    } catch (error) {
      this.#access = undefined;
      throw error;
    }
  }

  async #using<T>(key: string, operation: (objects: ReadAccess) => Promise<T>): Promise<T> {
    const { objects } = await this.#reference();
    try {
      return await operation(objects);
    } catch (error) {
      throw translateMissing(error, key, this.store);
    }
  }
}
