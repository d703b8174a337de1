import { openPostgres, type PostgresOptions } from "@mortise/db-postgres";
import type { Database, Session } from "@mortise/sql";
import { createTestDatabase, type TestDatabase } from "../../../packages/schema/test/database/test-database.ts";
import { openRaw, type RawClient } from "../lab/raw-client.ts";

/** A PostgreSQL database of a test's own, beside the vendor's client on it. */
export interface PostgresLab extends AsyncDisposable {
  readonly place: TestDatabase;
  readonly database: Database;
  readonly raw: RawClient;
  /** What leads to the database, for `openPostgres`. */
  readonly options: PostgresOptions & { readonly host: string; readonly port: number; readonly name: string };
  /** One more way in, with other options; closed with the lab. */
  open(options?: Partial<PostgresOptions>): Promise<Database>;
  /** Runs `work` in a transaction that is committed. */
  within<T>(work: (session: Session) => Promise<T>): Promise<T>;
}

/** `prepare` runs before the database is opened: settings of a database hold for sessions that begin later. */
export async function openPostgresLab(prepare: readonly string[] = []): Promise<PostgresLab> {
  const place = await createTestDatabase();
  const raw = await openRaw(place);
  for (const text of prepare) await raw.query(text);
  const { host = "", port = 0, user = "", password = "" } = place.server ?? {};
  // The servers of these tests have no certificate, and their containers are not on the loopback.
  const options = { host, port, user, password, name: place.name ?? "", useTls: false };
  const opened: Database[] = [];
  const open = async (more: Partial<PostgresOptions> = {}): Promise<Database> => {
    const database = await openPostgres({ ...options, ...more });
    opened.push(database);
    return database;
  };
  const database = await open();
  return {
    place,
    database,
    raw,
    options,
    open,
    async within(work) {
      await using session = await database.begin();
      const result = await work(session);
      await session.commit();
      return result;
    },
    async [Symbol.asyncDispose]() {
      for (const each of opened) await each.close();
      await raw[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    },
  };
}

/** A column that `select … as value` gives, of the first row. */
export async function valueOf(lab: Pick<PostgresLab, "database">, statement: Parameters<Database["execute"]>[0]) {
  const { rows } = await lab.database.execute<{ readonly value: unknown }>(statement);
  return rows[0]?.value;
}
