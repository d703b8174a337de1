import type { Logger } from "@mortise/core";
import type { CompleteOptions } from "@mortise/store-kit";

/** `full`: the file and the entries of its folder are flushed to the disk before `put` answers. `none`: they reach it when the system writes them. */
export type Durability = "full" | "none";

/**
 * How to open a folder as a store.
 *
 * ```ts
 * await using store = await openFileStore({ location: "/data/lab" });
 * ```
 */
export interface FileStoreOptions extends CompleteOptions {
  /** An existing folder: an absolute path or a `file://` URL. */
  readonly location: string;
  /** Default `full`; `none` is for scratch data: a power cut may lose what was written in the last seconds. */
  readonly durability?: Durability | undefined;
  /** Default: drops everything. Told of results that were never disposed. */
  readonly logger?: Logger | undefined;
}
