import type { Intent } from "./contract.ts";

/** Hexadecimal, because JSON has no bytes: one bound value then carries any number of hashes, and the statement text never varies. */
function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

/** `["<hex>", …]`, sorted, so that all writers lock and touch rows in one order. */
export function hashesAsJson(hashes: readonly Uint8Array[]): string {
  return JSON.stringify(hashes.map(hex).sort());
}

/** `[["<hex>", store, path], …]`, likewise sorted. */
export function intentsAsJson(intents: readonly Intent[]): string {
  const rows = intents.map((intent): [string, string, string] => [hex(intent.pathHash), intent.store, intent.path]);
  rows.sort((a, b) => (a[0] < b[0] ? -1 : 1));
  return JSON.stringify(rows);
}
