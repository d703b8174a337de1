import type { Executor, LedgerDialect, LedgerRow, LedgerState } from "@mortise/sql";
import { type RawBuilder, sql } from "@mortise/sql/kysely";
import { requireNoCrash } from "./crash.ts";
import { prepareLedger } from "./prepare.ts";
import { ledgerTables, now } from "./tables.ts";
import { hashList, intentColumns } from "./values.ts";

interface StoredRow {
  readonly path_hash: Uint8Array;
  readonly state: LedgerState;
  readonly must_upload: boolean;
  readonly token: Uint8Array | null;
  readonly age_ms: number;
}

async function selectRows(
  executor: Executor,
  schema: string,
  hashes: readonly Uint8Array[],
  lock: RawBuilder<unknown> = sql``,
): Promise<LedgerRow[]> {
  const { ledger } = ledgerTables(schema);
  const { rows } = await executor.execute<StoredRow>(
    sql`select path_hash, state, must_upload, token,
      (extract(epoch from ${now} - since) * 1000)::float8 as age_ms
      from ${ledger} where path_hash = any(${hashList(hashes)}::bytea[]) ${lock}`,
  );
  return rows.map((row) => ({
    pathHash: row.path_hash,
    state: row.state,
    mustUpload: row.must_upload,
    token: row.token,
    ageMs: row.age_ms,
  }));
}

/** From now on, by the server's clock. */
const later = (leaseMs: number): RawBuilder<unknown> => sql`${now} + ${leaseMs}::float8 * interval '1 millisecond'`;

/**
 * Rows that are deleted by path, locked in the order of their hashes as everybody locks them. Deleted in the order of a
 * plan, two of these could wait for each other.
 */
async function deleteJudged(
  executor: Executor,
  schema: string,
  states: readonly LedgerState[],
  hashes: readonly Uint8Array[],
): Promise<void> {
  const { ledger } = ledgerTables(schema);
  await executor.execute(sql`delete from ${ledger} where path_hash in (
    select path_hash from ${ledger} where state = any(${states}) and path_hash = any(${hashList(hashes)}::bytea[])
    order by path_hash for update)`);
}

/**
 * The statements of the write protocol on PostgreSQL. Only the insert of intents commits without waiting for the flush:
 * an intent that a crash takes away is missing from the count of W3. It says so itself, with an effect that ends with
 * its transaction, so that no session state is needed and poolers do no harm.
 */
export function createPostgresLedger(): LedgerDialect {
  return {
    lockIsIntent: false,
    prepare: prepareLedger,
    async registerIntents(executor, schema, writer, intents, leaseMs) {
      const { intent } = ledgerTables(schema);
      const { hashes, stores, paths } = intentColumns(intents);
      await executor.execute(sql`insert into ${intent} (path_hash, writer, store, path, lease_until)
        select h, ${writer}, s, p, ${later(leaseMs)}
        from (select set_config('synchronous_commit', 'off', true)) c,
          unnest(${hashes}::bytea[], ${stores}::text[], ${paths}::text[]) u(h, s, p)`);
    },
    readLedger: selectRows,
    async lockLedgerRow(session, schema, hash) {
      return (await selectRows(session, schema, [hash], sql`for update`))[0];
    },
    async withdraw(session, schema, hash) {
      const { ledger } = ledgerTables(schema);
      await session.execute(sql`with doubted as (
          update ${ledger} set state = 'suspect', since = ${now}
          where path_hash = ${hash} and state = 'condemned' and must_upload)
        delete from ${ledger} where path_hash = ${hash} and state = 'condemned' and not must_upload`);
    },
    async takeOver(session, schema, hash, token) {
      const { ledger } = ledgerTables(schema);
      // Others act on it as soon as it is committed, so it has to be on disk even where a role's default is `off`.
      await session.execute(sql`update ${ledger}
        set state = 'suspect', must_upload = true, token = ${token}, since = ${now}
        from (select case current_setting('synchronous_commit')
          when 'off' then set_config('synchronous_commit', 'on', true) end) c
        where path_hash = ${hash}`);
    },
    async settle(session, schema, writer) {
      const { intent } = ledgerTables(schema);
      const { affected } = await session.execute(sql`delete from ${intent} where writer = ${writer} and not broken`);
      return affected;
    },
    clearSuspect(session, schema, hashes) {
      return deleteJudged(session, schema, ["suspect"], hashes);
    },
    /** A quarantined path keeps its row: the collector still owns the copy and has to purge or restore it. */
    clearJudged(session, schema, hashes) {
      return deleteJudged(session, schema, ["condemned", "suspect", "moving", "deleted"], hashes);
    },
    async heartbeat(executor, schema, writer, hashes, leaseMs) {
      const { intent } = ledgerTables(schema);
      const { affected } = await executor.execute(sql`update ${intent} set lease_until = ${later(leaseMs)}
        where writer = ${writer} and not broken and path_hash = any(${hashList(hashes)}::bytea[])`);
      return affected;
    },
    async abandon(executor, schema, writer, hashes) {
      const { intent } = ledgerTables(schema);
      // Broken intents stay: they are the collector's list of candidates, and it is already looking at them.
      await executor.execute(sql`delete from ${intent}
        where writer = ${writer} and not broken and path_hash = any(${hashList(hashes)}::bytea[])`);
    },
    async intentRemains(session, schema, writer) {
      const { intent } = ledgerTables(schema);
      // `busy` while the lost session is there: what it has deleted and not committed is locked.
      const { rows } = await session.execute(
        sql`select 1 from ${intent} where writer = ${writer} limit 1 for update nowait`,
      );
      if (rows.length > 0) return true;
      await requireNoCrash(session, writer);
      return false;
    },
  };
}
