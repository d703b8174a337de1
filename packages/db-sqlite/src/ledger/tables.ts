import { type RawBuilder, sql } from "@mortise/sql/kysely";

/** Milliseconds by the database's clock: every age and lease is computed from it, whatever the writers' clocks say. */
export const now: RawBuilder<number> = sql`cast(unixepoch('subsec') * 1000 as integer)`;

/** The hidden tables of one schema; DataJoint for Python neither lists nor touches names that start with `~`. */
export interface LedgerTables {
  readonly intent: RawBuilder<unknown>;
  readonly ledger: RawBuilder<unknown>;
  readonly meta: RawBuilder<unknown>;
}

export function ledgerTables(schema: string): LedgerTables {
  return {
    intent: sql.id(`${schema}.~mortise_intent`),
    ledger: sql.id(`${schema}.~mortise_ledger`),
    meta: sql.id(`${schema}.~mortise_meta`),
  };
}

/**
 * `WITHOUT ROWID` keeps each table one B-tree, so that an intent costs one page write. The path stands in the intent,
 * because there is no ledger row before a collector has judged the path.
 */
export function createTables(tables: LedgerTables): readonly RawBuilder<unknown>[] {
  return [
    sql`create table if not exists ${tables.intent} (
      path_hash blob not null, writer blob not null, store text not null, path text not null,
      lease_until integer not null, broken integer not null default 0,
      primary key (path_hash, writer)) strict, without rowid`,
    sql`create table if not exists ${tables.ledger} (
      path_hash blob not null primary key, store text not null, path text not null, state text not null,
      token blob, since integer not null, must_upload integer not null default 0, quarantine_key text)
      strict, without rowid`,
    sql`create table if not exists ${tables.meta} (
      key text not null primary key, value text not null) strict, without rowid`,
  ];
}
