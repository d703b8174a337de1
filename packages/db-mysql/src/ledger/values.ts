import { hashesAsJson, type Intent, intentsAsJson } from "@mortise/sql";
import { type RawBuilder, sql } from "@mortise/sql/kysely";

/**
 * The hashes as a table `v`, in key order, so that all writers lock rows in one order. MariaDB has no VALUES ROW; both
 * servers have JSON_TABLE, and the text of the statement is the same for any number of hashes.
 */
export function hashTable(hashes: readonly Uint8Array[]): RawBuilder<unknown> {
  return sql`json_table(${hashesAsJson(hashes)}, '$[*]' columns (h char(32) path '$' error on empty error on error)) v`;
}

/**
 * The intents as a table `v` of hash, store and path, in key order. Types without a length: MariaDB would cut a longer
 * value off here without a word, while the column it goes to refuses it.
 */
export function intentTable(intents: readonly Intent[]): RawBuilder<unknown> {
  return sql`json_table(${intentsAsJson(intents)}, '$[*]' columns (
    h char(32) path '$[0]' error on empty error on error,
    s longtext path '$[1]' error on empty error on error,
    p longtext path '$[2]' error on empty error on error)) v`;
}
