import type { ByteSource, Bytes, OperationOptions, Progress } from "../bytes.ts";
import type { StoreError } from "../errors.ts";
import type { ObjectKey } from "../keys/object-key.ts";
import type { StoreCapabilities } from "./capabilities.ts";
import type { ChecksumAlgorithm, Checksums } from "./checksums.ts";
import type { Multipart } from "./multipart.ts";
import type { PresignedRequest, PresignRequest } from "./presign.ts";

/** `create` throws `already-exists`; `ifMatch` throws `precondition-failed` when the validator is no longer current. */
export type PutMode = "overwrite" | "create" | { readonly ifMatch: string };

export interface PutOptions extends OperationOptions {
  /** Default `overwrite`. */
  readonly mode?: PutMode | undefined;
  /** Bytes; a body of another length is an error and leaves the old object. */
  readonly size?: number | undefined;
  readonly contentType?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** Digests the body must have; another body is `checksum-mismatch` and leaves the old object. */
  readonly expect?: Checksums | undefined;
  /** Digests to return in `PutResult.checksums`. */
  readonly compute?: readonly ChecksumAlgorithm[] | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface ObjectInfo {
  readonly key: ObjectKey;
  /** Bytes. */
  readonly size: number;
  readonly lastModified: Date;
  /** The validator that `ifMatch` takes; changes whenever the object is overwritten. */
  readonly etag?: string | undefined;
  readonly version?: string | undefined;
  readonly contentType?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly checksums?: Checksums | undefined;
}

export interface PutResult {
  /** Bytes written. */
  readonly size: number;
  readonly etag?: string | undefined;
  readonly version?: string | undefined;
  readonly checksums: Checksums;
}

/** Bytes; a range past the end is `invalid-range`, one partly past it a short result. */
export type ByteRange = { readonly offset: number; readonly length?: number | undefined } | { readonly suffix: number };

export interface GetOptions extends OperationOptions {
  readonly range?: ByteRange | undefined;
  readonly ifMatch?: string | undefined;
  /** Digests of the whole object, checked while the body is read; the body ends with `checksum-mismatch` if they differ. */
  readonly verify?: Checksums | undefined;
  /** Milliseconds between two chunks of the body; exceeded, the body ends with `timeout`. */
  readonly idleTimeoutMs?: number | undefined;
}

/** Dispose it if the body is not read to its end: an open body holds a socket or a file. */
export interface GetResult extends AsyncDisposable {
  readonly info: ObjectInfo;
  readonly range: { readonly offset: number; readonly length: number };
  readonly body: ReadableStream<Bytes>;
  /** The whole body in memory; instead of reading `body`. */
  bytes(): Promise<Bytes>;
}

export interface ListOptions extends OperationOptions {
  /** A textual prefix of the keys, not necessarily a whole segment. */
  readonly prefix?: string | undefined;
  readonly delimiter?: "/" | undefined;
  /** Only keys after this one in UTF-8 byte order. */
  readonly startAfter?: string | undefined;
  readonly pageSize?: number | undefined;
}

export interface ListPage {
  readonly objects: readonly ObjectInfo[];
  /** With a delimiter: the common prefixes, each ending in it. */
  readonly prefixes: readonly string[];
}

export interface DeleteOptions extends OperationOptions {
  readonly ifMatch?: string | undefined;
}

export interface DeleteManyOptions extends OperationOptions {
  readonly onOutcome?: ((key: ObjectKey, outcome: "deleted" | "absent" | StoreError) => void) | undefined;
}

export interface DeleteSummary {
  readonly deleted: number;
  readonly absent: number;
  readonly failed: readonly { readonly key: ObjectKey; readonly error: StoreError }[];
}

/** What a backend must do itself. `completeStore` of `@mortise/store-kit` adds the rest from these five. */
export interface MinimalStore extends AsyncDisposable {
  readonly protocol: string;
  /** URL of the store's root, without a slash at its end. */
  readonly baseUrl: string;
  readonly capabilities: StoreCapabilities;
  /** All or nothing; readers see the old object or the new one. */
  put(key: ObjectKey, body: ByteSource, options?: PutOptions): Promise<PutResult>;
  get(key: ObjectKey, options?: GetOptions): Promise<GetResult>;
  /** Throws `not-found`. */
  head(key: ObjectKey, options?: OperationOptions): Promise<ObjectInfo>;
  /** Pages in UTF-8 byte order of the keys; nothing of `_mortise/` is shown. */
  list(options?: ListOptions): AsyncIterable<ListPage>;
  /** Idempotent. */
  delete(key: ObjectKey, options?: DeleteOptions): Promise<"deleted" | "absent">;
  /** Later calls of any operation reject; bodies being read end with `aborted`. */
  close(): Promise<void>;
  copy?(from: ObjectKey, to: ObjectKey, options?: PutOptions): Promise<PutResult>;
  move?(from: ObjectKey, to: ObjectKey, options?: PutOptions): Promise<PutResult>;
  getRanges?(key: ObjectKey, ranges: readonly ByteRange[], options?: GetOptions): Promise<readonly Bytes[]>;
  deleteMany?(
    keys: Iterable<ObjectKey> | AsyncIterable<ObjectKey>,
    options?: DeleteManyOptions,
  ): Promise<DeleteSummary>;
  readonly multipart?: Multipart;
  presign?(request: PresignRequest, options?: OperationOptions): Promise<PresignedRequest>;
  /**
   * Finds out what the server really does with conditions, and narrows `capabilities` to it. Every write begins with it;
   * who chooses a mode by `capabilities` calls it before. Costs requests once, then nothing.
   */
  prepare?(options?: OperationOptions): Promise<void>;
  /**
   * What is at `key` survives a power cut once this has answered, whoever wrote it: another writer may have been killed
   * between naming its object and flushing the name. Absent where all that can be read is durable, or nothing is. Throws
   * `not-found`.
   */
  ensureDurable?(key: ObjectKey, options?: OperationOptions): Promise<void>;
}

/** What the rest of Mortise sees: everything that can be generic is there; what can't be stays optional. */
export type ObjectStore = MinimalStore & Required<Pick<MinimalStore, "copy" | "move" | "getRanges" | "deleteMany">>;
