import {
  type Executor,
  hashesAsJson,
  intentsAsJson,
  type LedgerDialect,
  type LedgerRow,
  type LedgerState,
} from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import { prepareLedger } from "./prepare.ts";
import { ledgerTables, now } from "./tables.ts";

interface StoredRow {
  readonly path_hash: Uint8Array;
  readonly state: LedgerState;
  readonly must_upload: number;
  readonly token: Uint8Array | null;
  readonly age_ms: number;
}

async function selectRows(executor: Executor, schema: string, hashes: readonly Uint8Array[]): Promise<LedgerRow[]> {
  const { ledger } = ledgerTables(schema);
  const { rows } = await executor.execute<StoredRow>(
    sql`select path_hash, state, must_upload, token, ${now} - since as age_ms from ${ledger}
      where path_hash in (select unhex(value) from json_each(${hashesAsJson(hashes)}))`,
  );
  return rows.map((row) => ({
    pathHash: row.path_hash,
    state: row.state,
    mustUpload: row.must_upload !== 0,
    token: row.token,
    ageMs: row.age_ms,
  }));
}

/**
 * The statements of the write protocol on SQLite. One write lock covers the file, so no row lock is needed: a session
 * that has begun is alone, and inside a user's transaction the lock itself stands for the intent.
 */
export function createSqliteLedger(): LedgerDialect {
  return {
    lockIsIntent: true,
    prepare: prepareLedger,
    async registerIntents(executor, schema, writer, intents, leaseMs) {
      const { intent } = ledgerTables(schema);
      await executor.execute(sql`insert into ${intent} (path_hash, writer, store, path, lease_until)
        select unhex(value ->> 0), ${writer}, value ->> 1, value ->> 2, ${now} + ${leaseMs}
        from json_each(${intentsAsJson(intents)})`);
    },
    readLedger: selectRows,
    async lockLedgerRow(session, schema, hash) {
      return (await selectRows(session, schema, [hash]))[0];
    },
    async withdraw(session, schema, hash) {
      const { ledger } = ledgerTables(schema);
      await session.execute(sql`update ${ledger} set state = 'suspect', since = ${now}
        where path_hash = ${hash} and state = 'condemned' and must_upload <> 0`);
      await session.execute(sql`delete from ${ledger} where path_hash = ${hash} and state = 'condemned'`);
    },
    async takeOver(session, schema, hash, token) {
      const { ledger } = ledgerTables(schema);
      await session.execute(sql`update ${ledger}
        set state = 'suspect', must_upload = 1, token = ${token}, since = ${now} where path_hash = ${hash}`);
    },
    async settle(session, schema, writer, hashes) {
      const { intent } = ledgerTables(schema);
      const { affected } = await session.execute(sql`delete from ${intent} where writer = ${writer} and broken = 0
        and path_hash in (select unhex(value) from json_each(${hashesAsJson(hashes)}))`);
      return affected;
    },
    async clearSuspect(session, schema, hashes) {
      const { ledger } = ledgerTables(schema);
      await session.execute(sql`delete from ${ledger} where state = 'suspect'
        and path_hash in (select unhex(value) from json_each(${hashesAsJson(hashes)}))`);
    },
    async clearJudged(session, schema, hashes) {
      const { ledger } = ledgerTables(schema);
      // A quarantined path keeps its row: the collector still owns the copy and has to purge or restore it.
      await session.execute(sql`delete from ${ledger} where state in ('condemned', 'suspect', 'moving', 'deleted')
        and path_hash in (select unhex(value) from json_each(${hashesAsJson(hashes)}))`);
    },
    async heartbeat(executor, schema, writer, hashes, leaseMs) {
      const { intent } = ledgerTables(schema);
      const { affected } = await executor.execute(sql`update ${intent} set lease_until = ${now} + ${leaseMs}
        where writer = ${writer} and broken = 0
        and path_hash in (select unhex(value) from json_each(${hashesAsJson(hashes)}))`);
      return affected;
    },
    async abandon(executor, schema, writer, hashes) {
      const { intent } = ledgerTables(schema);
      // Broken intents stay: they are the collector's list of candidates, and it is already looking at them.
      await executor.execute(sql`delete from ${intent} where writer = ${writer} and broken = 0
        and path_hash in (select unhex(value) from json_each(${hashesAsJson(hashes)}))`);
    },
    async intentRemains(session, schema, writer) {
      const { intent } = ledgerTables(schema);
      const { rows } = await session.execute(sql`select 1 from ${intent} where writer = ${writer} limit 1`);
      return rows.length > 0;
    },
  };
}
