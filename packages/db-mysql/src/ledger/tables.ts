import { type RawBuilder, sql } from "@mortise/sql/kysely";

/** The database's clock, whatever the session's zone and the writers' clocks: every age and lease is computed from it. */
export const now: RawBuilder<unknown> = sql`utc_timestamp(3)`;

/** `leaseMs` from now. */
export function leaseEnd(leaseMs: number): RawBuilder<unknown> {
  return sql`utc_timestamp(3) + interval ${Math.round(leaseMs * 1000)} microsecond`;
}

/** The hidden tables of one schema; DataJoint for Python neither lists nor touches names that start with `~`. */
export interface LedgerTables {
  readonly intent: RawBuilder<unknown>;
  readonly ledger: RawBuilder<unknown>;
  readonly meta: RawBuilder<unknown>;
}

/** Named with their schema: a session has none of its own. */
export function ledgerTables(schema: string): LedgerTables {
  return {
    intent: sql.id(schema, "~mortise_intent"),
    ledger: sql.id(schema, "~mortise_ledger"),
    meta: sql.id(schema, "~mortise_meta"),
  };
}

/** Paths and names are compared byte by byte, whatever the schema's collation. */
const text = sql.raw("character set utf8mb4 collate utf8mb4_bin");

/**
 * The path stands in the intent, because there is no ledger row before a collector has judged the path. With the hash in
 * front of the writer one index serves both sides: writers name whole keys, the collector looks for hashes. `meta` comes
 * last, so that its rows mean that all three are there.
 */
export function createTables(tables: LedgerTables): readonly RawBuilder<unknown>[] {
  return [
    sql`create table if not exists ${tables.intent} (
      path_hash binary(16) not null, writer binary(16) not null,
      store varchar(64) ${text} not null, path varchar(1024) ${text} not null,
      lease_until datetime(3) not null, broken bool not null default false,
      primary key (path_hash, writer)) engine = InnoDB`,
    sql`create table if not exists ${tables.ledger} (
      path_hash binary(16) not null primary key,
      store varchar(64) ${text} not null, path varchar(1024) ${text} not null,
      state varchar(12) character set ascii collate ascii_bin not null,
      token binary(16), since datetime(3) not null, must_upload bool not null default false,
      quarantine_key varchar(1024) ${text}) engine = InnoDB`,
    sql`create table if not exists ${tables.meta} (
      \`key\` varchar(255) ${text} not null primary key, value varchar(1024) ${text} not null) engine = InnoDB`,
  ];
}
