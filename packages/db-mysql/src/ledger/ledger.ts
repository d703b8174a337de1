import type { Executor, LedgerDialect, LedgerRow, LedgerState } from "@mortise/sql";
import { type RawBuilder, sql } from "@mortise/sql/kysely";
import { prepareLedger } from "./prepare.ts";
import { leaseEnd, ledgerTables, now } from "./tables.ts";
import { hashTable, intentTable } from "./values.ts";

interface StoredRow {
  readonly path_hash: Uint8Array;
  readonly state: LedgerState;
  readonly must_upload: number;
  readonly token: Uint8Array | null;
  readonly age_ms: number;
}

const columns = sql`path_hash, state, must_upload, token,
  timestampdiff(microsecond, since, ${now}) div 1000 as age_ms`;

async function selectRows(executor: Executor, statement: RawBuilder<unknown>): Promise<LedgerRow[]> {
  const { rows } = await executor.execute<StoredRow>(statement);
  return rows.map((row) => ({
    pathHash: row.path_hash,
    state: row.state,
    mustUpload: row.must_upload !== 0,
    token: row.token,
    ageMs: row.age_ms,
  }));
}

/**
 * Rows of `table` with one of these hashes, each found by its key. STRAIGHT_JOIN and FORCE INDEX, because a plan of the
 * server's own may be a full scan, which locks the rows of everybody else and ends in deadlocks. The table has no alias:
 * sessions have no schema of their own, and in a DELETE the server would look for an alias there.
 */
function byHash(table: RawBuilder<unknown>, hashes: readonly Uint8Array[]): RawBuilder<unknown> {
  return sql`${hashTable(hashes)} straight_join ${table} force index (primary) on path_hash = unhex(v.h)`;
}

/** Deletes this writer's unbroken intents among these hashes and returns how many there were. */
async function deleteOwn(
  executor: Executor,
  schema: string,
  writer: Uint8Array,
  hashes: readonly Uint8Array[],
): Promise<number> {
  const { intent } = ledgerTables(schema);
  const statement = sql`delete ${intent} from ${byHash(intent, hashes)} and writer = ${writer} where not broken`;
  return (await executor.execute(statement)).affected;
}

/** Hashes of one UPDATE: with more the server gives up looking for each by its key. */
const hashesPerUpdate = 1000;

/** The statements of the write protocol on MySQL and MariaDB, for sessions at READ COMMITTED. */
export function createMysqlLedger(): LedgerDialect {
  return {
    lockIsIntent: false,
    prepare: prepareLedger,
    async registerIntents(executor, schema, writer, intents, leaseMs) {
      const { intent } = ledgerTables(schema);
      await executor.execute(sql`insert into ${intent} (path_hash, writer, store, path, lease_until)
        select unhex(v.h), ${writer}, v.s, v.p, ${leaseEnd(leaseMs)} from ${intentTable(intents)}`);
    },
    readLedger: (executor, schema, hashes) =>
      selectRows(executor, sql`select ${columns} from ${byHash(ledgerTables(schema).ledger, hashes)}`),
    async lockLedgerRow(session, schema, hash) {
      const { ledger } = ledgerTables(schema);
      return (await selectRows(session, sql`select ${columns} from ${ledger} where path_hash = ${hash} for update`))[0];
    },
    async withdraw(session, schema, hash) {
      const { ledger } = ledgerTables(schema);
      await session.execute(sql`update ${ledger} set state = 'suspect', since = ${now}
        where path_hash = ${hash} and state = 'condemned' and must_upload`);
      await session.execute(sql`delete from ${ledger} where path_hash = ${hash} and state = 'condemned'`);
    },
    async takeOver(session, schema, hash, token) {
      const { ledger } = ledgerTables(schema);
      await session.execute(sql`update ${ledger}
        set state = 'suspect', must_upload = true, token = ${token}, since = ${now} where path_hash = ${hash}`);
    },
    settle: deleteOwn,
    async clearSuspect(session, schema, hashes) {
      const { ledger } = ledgerTables(schema);
      await session.execute(sql`delete ${ledger} from ${byHash(ledger, hashes)} where state = 'suspect'`);
    },
    async clearJudged(session, schema, hashes) {
      const { ledger } = ledgerTables(schema);
      // A quarantined path keeps its row: the collector still owns the copy and has to purge or restore it.
      await session.execute(sql`delete ${ledger} from ${byHash(ledger, hashes)}
        where state in ('condemned', 'suspect', 'moving', 'deleted')`);
    },
    async heartbeat(executor, schema, writer, hashes, leaseMs) {
      const { intent } = ledgerTables(schema);
      const sorted = hashes.toSorted((a, b) => Buffer.compare(a, b));
      let kept = 0;
      // No join here: without a schema of the session the server refuses an UPDATE of several tables.
      for (let start = 0; start < sorted.length; start += hashesPerUpdate) {
        const some = sorted.slice(start, start + hashesPerUpdate);
        const { affected } = await executor.execute(sql`update ${intent} force index (primary)
          set lease_until = ${leaseEnd(leaseMs)}
          where path_hash in (${sql.join(some)}) and writer = ${writer} and not broken`);
        kept += affected;
      }
      return kept;
    },
    async abandon(executor, schema, writer, hashes) {
      // Broken intents stay: they are the collector's list of candidates, and it is already looking at them.
      await deleteOwn(executor, schema, writer, hashes);
    },
    async intentRemains(session, schema, writer) {
      const { intent } = ledgerTables(schema);
      // Gone from a plain read means committed. What still shows may be deleted by the lost session, whose COMMIT has
      // perhaps not arrived: the lock on its key says `busy` then. A lock by writer alone would wait for everybody.
      const { rows } = await session.execute<{ path_hash: Uint8Array }>(
        sql`select path_hash from ${intent} where writer = ${writer} limit 1`,
      );
      const shown = rows[0];
      if (shown === undefined) return false;
      const locked = await session.execute(
        sql`select 1 from ${intent} where path_hash = ${shown.path_hash} and writer = ${writer} for update nowait`,
      );
      return locked.rows.length > 0;
    },
  };
}
