import { quoteLiteral, quoteName } from "@mortise/sql";
import { type RawBuilder, sql } from "@mortise/sql/kysely";

/**
 * The time of the database, whatever the writers' clocks say; `now()` would be that at which the transaction began, and
 * a lease from then on could have run out before it is written.
 */
export const now: RawBuilder<string> = sql`clock_timestamp()`;

/** The names of the hidden tables; DataJoint for Python neither lists nor touches names that start with `~`. */
export const tableNames = ["~mortise_intent", "~mortise_ledger", "~mortise_meta"] as const;

/** The hidden tables of one schema. */
export interface LedgerTables {
  readonly intent: RawBuilder<unknown>;
  readonly ledger: RawBuilder<unknown>;
  readonly meta: RawBuilder<unknown>;
}

/** References to them, quoted. */
export function ledgerTables(schema: string): LedgerTables {
  const [intent, ledger, meta] = tableNames;
  return { intent: sql.id(schema, intent), ledger: sql.id(schema, ledger), meta: sql.id(schema, meta) };
}

/**
 * Creates what is missing, as one statement under a lock: two processes that prepare a schema at once would otherwise
 * refuse each other, `IF NOT EXISTS` or not. The writer leads the key of the intents, because W3 deletes by it; the path
 * stands in the intent, because there is no ledger row before a collector has judged the path.
 */
export function createTables(schema: string): RawBuilder<unknown> {
  const [intent, ledger, meta] = tableNames.map((name) => `${quoteName(schema)}.${quoteName(name)}`);
  const body = `begin
    perform pg_advisory_xact_lock(hashtextextended(${quoteLiteral(`mortise ledger ${schema}`)}, 0));
    create table if not exists ${intent} (
      path_hash bytea not null, writer bytea not null, store text not null, path text not null,
      lease_until timestamptz not null, broken boolean not null default false,
      primary key (writer, path_hash));
    create index if not exists ${quoteName("~mortise_intent_path")} on ${intent} (path_hash);
    create table if not exists ${ledger} (
      path_hash bytea not null primary key, store text not null, path text not null, state text not null,
      token bytea, since timestamptz not null, must_upload boolean not null default false, quarantine_key text);
    create table if not exists ${meta} (key text not null primary key, value text not null);
  end`;
  return sql.raw(`do ${quoteLiteral(body)}`);
}
