import type { ByteSource, Progress } from "../bytes.ts";
import type { ObjectStore, PutOptions, PutResult } from "../store/contract.ts";

/** What a codec stores: bytes or JSON in the column, or what another codec makes of it (`<hash>`). */
export type StorageType = "bytes" | "json" | `<${string}>`;

/** An object, or every object below a prefix, that a stored value refers to. */
export interface ObjectReference {
  readonly store: string;
  readonly section: "hash" | "schema" | "filepath";
  /** Relative to the store's root. */
  readonly path: string;
  readonly shape: "object" | "prefix";
}

/** Where a value belongs, for paths and messages. */
export interface CodecSite {
  readonly schema: string;
  /** The class name, `Master.Part` for a part table. */
  readonly table: string;
  readonly attribute: string;
  /** In the order of the heading; empty on decode where the key was not fetched. */
  readonly primaryKey: Readonly<Record<string, unknown>>;
}

/** A value whose bytes are not in the store yet: the engine registers all planned paths of a batch, then runs the writes. */
export interface Planned<Stored> {
  readonly planned: true;
  readonly reference: ObjectReference;
  readonly bytes?: number | undefined;
  /** Uploads and returns what goes into the column. Called at most once per attempt; safe to call again after a failure. */
  write(): Promise<Stored>;
}

/** The column value of a hash-addressed object: exactly Python's keys. */
export interface HashMetadata {
  readonly hash: string;
  readonly path: string;
  readonly schema: string;
  readonly store: string;
  readonly size: number;
}

export interface ObjectPlan<Stored> {
  /** With or without a leading dot; checked by the engine. */
  readonly extension?: string | undefined;
  readonly shape: "object" | "prefix";
  readonly bytes?: number | undefined;
  write(target: SectionTarget): Promise<Stored>;
}

export interface EncodeContext {
  readonly site: CodecSite;
  /** The resolved store, never empty; undefined for a value that stays in the table. */
  readonly storeName: string | undefined;
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Store settings a codec may look at, with the file's names (for example `blob_compression`). */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Reads and hashes; uploads nothing. */
  hash(source: ByteSource | (() => ByteSource)): Promise<Planned<HashMetadata>>;
  /** Chooses the path and the token; writes nothing until the plan runs. */
  object<Stored>(plan: ObjectPlan<Stored>): Planned<Stored>;
  /** The user-managed section, read-only: what `<filepath>` refers to must be there already. */
  files(): Promise<FileSection>;
}

/** Write access to the one place that was chosen for this value, and nothing else. */
export interface SectionTarget {
  /** Relative to the store's root; what goes into the metadata. */
  readonly path: string;
  /** `relative` is `""` for an object, a path below the prefix for a folder. Created exclusively. */
  put(relative: string, body: ByteSource, options?: PutOptions): Promise<PutResult>;
  /** Beside the prefix: the manifest of a folder, at `path + suffix`. Written last. */
  putBeside(suffix: ".manifest.json", body: ByteSource, options?: PutOptions): Promise<PutResult>;
}

/** Read access to keys outside the reserved sections and inside `filepath_prefix`. */
export interface FileSection {
  readonly store: string;
  /** Normalises a path, absolute path or URL to a key of this section; throws a value error of code `reserved-path`, `outside-store`, `outside-prefix` or `invalid-path`. */
  resolve(path: string): string;
  readonly objects: ReadAccess;
}

export type ReadAccess = Pick<ObjectStore, "get" | "getRanges" | "head" | "list"> &
  Partial<Pick<ObjectStore, "presign">>;

/** What a reference is read through; contained in the reference's path. */
export interface ReferenceAccess {
  readonly reference: ObjectReference;
  /** URL of the object or prefix, percent-encoded, including the store's location. */
  readonly url: string;
  readonly objects: ReadAccess;
}

export interface DecodeContext {
  readonly site: CodecSite;
  readonly storeName: string | undefined;
  readonly signal: AbortSignal;
  /** Where codecs that make files put them, unless told otherwise. */
  readonly downloadPath: string;
  /** Resolves a recorded store name (`null`, `""` and absent mean the default store) without I/O. */
  storeOf(recorded: unknown): string;
  /** Read access to one reference of this value only; no I/O before the first read. */
  open(reference: ObjectReference): Promise<ReferenceAccess>;
}

/**
 * `In` is what users insert, `Accepted` what `accept` makes of it (a path becomes what was found there), `Out` what they
 * fetch, `Stored` what the column or the next codec holds. Method syntax is deliberate: it makes `Codec` without
 * arguments the "any" of its kind.
 */
export interface Codec<Name extends string = string, In = unknown, Out = unknown, Stored = unknown, Accepted = In> {
  readonly kind: "codec";
  readonly apiVersion: 1;
  readonly name: Name;
  readonly origin: string;
  /** Never set: carries `In` for the types of rows. */
  readonly "~in"?: In;
  /** Throws a definition error where a mode is not supported (`<object>` requires `@`). */
  storageType(mode: { readonly external: boolean }): StorageType;
  /** Narrows the value, or throws a value error that names what was expected. Runs before anything is written. */
  accept(value: unknown, site: CodecSite): Accepted | Promise<Accepted>;
  encode(value: Accepted, context: EncodeContext): Stored | Planned<Stored> | Promise<Stored | Planned<Stored>>;
  /** May answer without a promise: a promise per value costs at 8 000 rows/s. */
  decode(stored: Stored, context: DecodeContext): Out | Promise<Out>;
  /** Every object this stored value refers to; the collector and fsck know nothing else. */
  references(stored: Stored): readonly ObjectReference[];
}

/** Filled by each codec's `/register` module: `interface CodecTypes { npy: { in: NpyInput; out: NpyRef } }`. */
// biome-ignore lint/suspicious/noEmptyInterface: augmented by plugins
export interface CodecTypes {}
