import type { Intent } from "@mortise/sql";
import { type RawBuilder, sql } from "@mortise/sql/kysely";

/** Hexadecimal, because JSON has no bytes: one bound value then carries any number of hashes. */
function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

/**
 * The hashes as a table `v`, in key order, so that all writers lock rows in one order. MariaDB has no VALUES ROW; both
 * servers have JSON_TABLE, and the text of the statement is the same for any number of hashes.
 */
export function hashTable(hashes: readonly Uint8Array[]): RawBuilder<unknown> {
  const list = JSON.stringify(hashes.map(hex).sort());
  return sql`json_table(${list}, '$[*]' columns (h char(32) path '$' error on empty error on error)) v`;
}

/**
 * The intents as a table `v` of hash, store and path, in key order. Types without a length: MariaDB would cut a longer
 * value off here without a word, while the column it goes to refuses it.
 */
export function intentTable(intents: readonly Intent[]): RawBuilder<unknown> {
  const rows = intents.map((intent): [string, string, string] => [hex(intent.pathHash), intent.store, intent.path]);
  rows.sort((a, b) => (a[0] < b[0] ? -1 : 1));
  return sql`json_table(${JSON.stringify(rows)}, '$[*]' columns (
    h char(32) path '$[0]' error on empty error on error,
    s longtext path '$[1]' error on empty error on error,
    p longtext path '$[2]' error on empty error on error)) v`;
}
