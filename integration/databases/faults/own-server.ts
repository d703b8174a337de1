import type { TestServer } from "../../../packages/schema/test/database/provided.ts";
import { testServer } from "../../../packages/schema/test/database/provided.ts";
import { createTestDatabase, type TestDatabase } from "../../../packages/schema/test/database/test-database.ts";
import { startMariadb } from "../servers/mariadb.ts";
import { startMysql } from "../servers/mysql.ts";
import { startPostgres } from "../servers/postgres.ts";
import { startPostgres15 } from "../servers/postgres-15.ts";
import type { RunningServer } from "../servers/running-server.ts";

const starters: Readonly<Record<string, () => Promise<RunningServer>>> = {
  "mysql:9.7": () => startMysql({ keepsData: true }),
  "MariaDB 10.11": startMariadb,
  "postgres:18": startPostgres,
  "PostgreSQL 15": startPostgres15,
};

/** A server of the test's own, of the same kind as the project's, which nobody misses while it is away. */
export interface OwnServer extends AsyncDisposable {
  /** As it can be reached now. */
  place(): TestDatabase;
  /** Kills it and starts it again on its data. */
  restart(): Promise<TestServer>;
}

export async function startOwnServer(): Promise<OwnServer> {
  const name = testServer()?.name ?? "";
  const start = starters[name];
  if (start === undefined) throw new Error(`no server of the kind ${JSON.stringify(name)} can be started`);
  const running = await start();
  try {
    let place = await createTestDatabase(running.server);
    return {
      place: () => place,
      async restart() {
        const server = await running.restart();
        const database = { ...(place.settings["database"] as object), host: server.host, port: server.port };
        place = { ...place, server, settings: { ...place.settings, database } };
        return server;
      },
      [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
    };
  } catch (error) {
    await running[Symbol.asyncDispose]();
    throw error;
  }
}
