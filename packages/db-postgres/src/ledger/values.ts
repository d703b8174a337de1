import type { Intent } from "@mortise/sql";

/** One bound value for any number of hashes, so that the text of a statement never varies; in the order of the index. */
export function hashList(hashes: readonly Uint8Array[]): readonly Uint8Array[] {
  return hashes.toSorted((a, b) => Buffer.compare(a, b));
}

/** The columns of the intents, likewise sorted. */
export function intentColumns(intents: readonly Intent[]): {
  readonly hashes: readonly Uint8Array[];
  readonly stores: readonly string[];
  readonly paths: readonly string[];
} {
  const sorted = intents.toSorted((a, b) => Buffer.compare(a.pathHash, b.pathHash));
  return {
    hashes: sorted.map((intent) => intent.pathHash),
    stores: sorted.map((intent) => intent.store),
    paths: sorted.map((intent) => intent.path),
  };
}
