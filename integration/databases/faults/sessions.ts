import { backend } from "../../../packages/schema/test/database/provided.ts";
import type { TestDatabase } from "../../../packages/schema/test/database/test-database.ts";
import { openRaw } from "../lab/raw-client.ts";

const terminateAll = `select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`;

/**
 * The same database for sessions that wait two seconds for a lock: on MySQL by our own settings, on PostgreSQL by those
 * of the database. They stay with it; deadlocks, which the server looks for after a second, are still found first.
 */
export async function impatient(place: TestDatabase): Promise<TestDatabase> {
  if (backend === "postgresql") {
    await using raw = await openRaw(place);
    await raw.query(`alter database ${place.name} set lock_timeout = '2s'`);
  }
  return { ...place, settings: { ...place.settings, mortise: { database: { wait_ms: 2000 } } } };
}

/** Ends every other session on the server, as its operator would: `pg_terminate_backend`, `KILL`. */
export async function endSessions(place: TestDatabase): Promise<void> {
  await using raw = await openRaw(place);
  if (backend === "postgresql") {
    await raw.query(terminateAll);
    return;
  }
  const [own] = await raw.query("select connection_id() as id");
  for (const { Id, User } of await raw.query("show processlist")) {
    if (Number(Id) === Number(own?.["id"]) || User === "event_scheduler" || User === "system user") continue;
    // One that has ended by itself meanwhile is what was asked for.
    await raw.query(`kill ${Number(Id)}`).catch(() => undefined);
  }
}
