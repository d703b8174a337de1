import type { Intent } from "@mortise/sql";

/** Hexadecimal, because JSON has no bytes: one bound value then carries any number of hashes, and the statement text never varies. */
function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

/** Sorted, so that all writers touch the B-tree in one order. */
export function hashList(hashes: readonly Uint8Array[]): string {
  return JSON.stringify(hashes.map(hex).sort());
}

export function intentList(intents: readonly Intent[]): string {
  const rows = intents.map((intent): [string, string, string] => [hex(intent.pathHash), intent.store, intent.path]);
  rows.sort((a, b) => (a[0] < b[0] ? -1 : 1));
  return JSON.stringify(rows);
}
