import type { ChecksumAlgorithm, OperationOptions } from "@mortise/core";

/** How a store is probed. */
export interface ProbeOptions extends OperationOptions {
  /** The store's name in the configuration, for errors. Default: its protocol. */
  readonly storeName?: string | undefined;
  /**
   * Where the probe keeps its objects, below a folder with a random name; ends in a slash. Default `mortise-probe/`: a
   * listing must show it, and no store lists `_mortise/`.
   */
  readonly prefix?: string | undefined;
  /** Waits until a signed DELETE has expired and sends it: takes seconds and a network connection. Default false. */
  readonly presignExpiry?: boolean | undefined;
  /** The time, for comparing clocks. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** What each kind of write was seen to do with a condition; absent where the store has none, or does not declare it. */
export interface ProbedConditions {
  readonly put?: boolean | undefined;
  readonly multipart?: boolean | undefined;
  readonly copy?: boolean | undefined;
}

/** What was proved, each by reading back. A flag is false if the store does not declare it, or was seen to break it. */
export interface ProbedCapabilities {
  /** `create` over what exists is refused and leaves it. */
  readonly create: ProbedConditions;
  /** A write with a wrong validator is refused and leaves the object. */
  readonly ifMatch: ProbedConditions & { readonly get?: boolean | undefined };
  readonly conditionalDelete: boolean;
  /** Digests whose mismatch the store refuses. */
  readonly checksums: readonly ChecksumAlgorithm[];
  readonly ranges: boolean;
  /** A listing shows what was just written. */
  readonly listsAtOnce: boolean;
  /** Listings come in UTF-8 byte order; if false, perhaps in UTF-16 order. */
  readonly byteOrder: boolean;
  /** An overwrite with other bytes changes the validator. */
  readonly etagChanges: boolean;
  /** Also an overwrite with the same bytes changes it. No finding: where the validator is a digest of the content, as S3 says. */
  readonly etagChangesForSameBytes: boolean;
}

/** One thing that the server promises and does not do. */
export interface ProbeFinding {
  /** For example `create-put`; stable, so that a test can be excused by it. */
  readonly id: string;
  /** What the server does. */
  readonly lie: string;
  /** What was sent and read back. */
  readonly evidence: string;
  readonly hint?: string | undefined;
  /** No write to this server can be trusted: it stores other bytes than it is sent, or does not delete. */
  readonly fatal?: boolean | undefined;
}

/** What a probe found; plain JSON, to be kept. */
export interface ProbeReport {
  readonly formatVersion: 1;
  /** ISO 8601, of this machine's clock. */
  readonly probedAt: string;
  readonly capabilities: ProbedCapabilities;
  readonly findings: readonly ProbeFinding[];
  /** How far the server's clock is ahead of this machine's, in milliseconds, with the precision of `lastModified`. */
  readonly clockSkewMs?: number | undefined;
}
