import type { ChecksumAlgorithm } from "./checksums.ts";
import type { PresignRequest } from "./presign.ts";

/** What a backend can do: declared by it, narrowed by the probe. */
export interface StoreCapabilities {
  /** Conditional writes that the server was seen to honour; without `create`, a writer does head, then put. */
  readonly putModes: ReadonlySet<"create" | "ifMatch">;
  /** If false, `delete` with `ifMatch` is refused as `unsupported`; nothing is deleted on a guess. */
  readonly conditionalDelete: boolean;
  /** Digests the backend verifies or returns itself; others are computed while streaming. */
  readonly checksums: ReadonlySet<ChecksumAlgorithm>;
  /** If false, a range is read by skipping bytes of the whole object. */
  readonly ranges: boolean;
  /** Methods that `presign` accepts; the empty set where there is no `presign`. */
  readonly presign: ReadonlySet<PresignRequest["method"]>;
  /** If false, `copy` streams the bytes through this process. */
  readonly serverSideCopy: boolean;
  /** If false, `move` is copy and delete, and a crash between them leaves both. */
  readonly atomicMove: boolean;
  /** If true, `version` is returned and an overwritten object can still be read by it. */
  readonly versions: boolean;
  /** If false, user metadata is refused as `unsupported`. */
  readonly metadata: boolean;
  /** Keys per bulk delete request; 1 where each key is a request of its own. */
  readonly bulkDelete: number;
  /** If true, the server does not tell in bulk which keys were there: `deleteMany` reports absent ones as deleted. */
  readonly bulkDeleteBlind?: boolean | undefined;
  /** If false, two keys that differ in case only are one object, and the second is refused. */
  readonly caseSensitive: boolean;
  /** The bytes survive a power cut once `put` has answered. */
  readonly durableOnReturn: boolean;
  readonly maxKeyBytes: number;
}
