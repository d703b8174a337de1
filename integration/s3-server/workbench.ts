// What the steps of the workload share: the keys, the account of what they may hold, and how outcomes are noted.
import { createHash } from "node:crypto";
import { type ObjectKey, type ObjectStore, parseKey, type StoreError } from "@mortise/core";

/** Contents that an object may have: one after an acknowledged write, several after one of unknown outcome. */
export type Possible = ReadonlySet<string>;
export const absent = "absent";

export const digest = (bytes: Uint8Array): string => createHash("md5").update(bytes).digest("hex");

export const keys: readonly ObjectKey[] = Array.from({ length: 8 }, (_, index) => parseKey(`work/object ${index}`));

export interface WorkloadOptions {
  readonly seed: number;
  readonly steps: number;
  /** Reads say which digest they expect: without, nothing tells a flipped bit. */
  readonly verify?: boolean | undefined;
  /** Listings show what was, or lack what is: only what is done because of them is judged. */
  readonly staleListings?: boolean | undefined;
  /** The keys of the workload that are truly there, with their bytes. */
  readonly truth: () => ReadonlyMap<string, Uint8Array>;
}

/** What the steps of a workload share. */
export interface Workbench {
  readonly store: ObjectStore;
  readonly options: WorkloadOptions;
  readonly random: () => number;
  /** One of the workload's keys. */
  readonly pick: () => ObjectKey;
  /** Random bytes. */
  readonly body: () => Uint8Array<ArrayBuffer>;
  readonly possible: (key: ObjectKey) => Possible;
  /** What `deleteMany` says of a key. */
  readonly noteRemoval: (key: ObjectKey, outcome: "deleted" | "absent" | StoreError) => void;
  readonly violate: (text: string) => void;
  readonly noteError: (what: string, error: unknown) => StoreError | undefined;
  /** A write whose success leaves `content`: acknowledged, refused, or of unknown outcome. Gives whether it succeeded. */
  readonly write: (what: string, key: ObjectKey, content: string, work: () => Promise<unknown>) => Promise<boolean>;
}

export type Step = () => Promise<void>;
