import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger } from "@mortise/core";
import { createConfig } from "@mortise/core/config";
import { sqlite } from "@mortise/db-sqlite";
import type { Database, DatabasePlugin } from "@mortise/sql";
import { dropSchemas, useMysqlServer } from "./mysql-schemas.ts";
import { borrowPostgresDatabase } from "./postgres-database.ts";
import { type TestServer, testServer } from "./provided.ts";

/** An empty database of its own on what the tests run on: a file, or a database of the project's server. */
export interface TestDatabase extends AsyncDisposable {
  /** Undefined on SQLite. */
  readonly server: TestServer | undefined;
  /** Of PostgreSQL: a database that nobody else uses. */
  readonly name: string | undefined;
  readonly plugin: DatabasePlugin;
  /** Settings of a configuration that lead to it, as `createConfig` takes them. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** A database that knows nothing of this one. On MySQL, where there is one per server, this one is emptied for it. */
  another(): Promise<TestDatabase>;
  /** Opens it without a project; whoever opens it closes it, before this is disposed. */
  open(): Promise<Database>;
}

/**
 * `server` is the project's unless it is given. Disposing drops what was made. On MySQL, schemas are the server's: databases that are open in one file at the same time
 * see each other's, and the files of such a project run one after the other.
 */
export async function createTestDatabase(server: TestServer | undefined = testServer()): Promise<TestDatabase> {
  if (server === undefined) return await createFile();
  if (server.backend === "mysql") {
    const { mysql } = await import("@mortise/db-mysql");
    return onServer(server, mysql, undefined, await useMysqlServer(server));
  }
  const { postgres } = await import("@mortise/db-postgres");
  const { name, release } = await borrowPostgresDatabase(server);
  return onServer(server, postgres, name, release);
}

async function createFile(): Promise<TestDatabase> {
  const directory = await mkdtemp(join(tmpdir(), "mortise-database-"));
  const settings = { mortise: { database: { backend: "sqlite", file: join(directory, "database.sqlite") } } };
  return {
    server: undefined,
    name: undefined,
    plugin: sqlite,
    settings,
    another: createFile,
    open: () => openWith(settings, sqlite),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

function onServer(
  server: TestServer,
  plugin: DatabasePlugin,
  name: string | undefined,
  drop: () => Promise<void>,
): TestDatabase {
  const { backend, host, port, user, password } = server;
  // Servers of tests listen on this machine only, though not always on its loopback; some have no TLS.
  const settings = {
    database: { backend, host, port, user, password, use_tls: false, ...(name === undefined ? {} : { name }) },
  };
  return {
    server,
    name,
    plugin,
    settings,
    another: async () => {
      if (server.backend === "mysql") await dropSchemas(server);
      return await createTestDatabase();
    },
    open: () => openWith(settings, plugin),
    [Symbol.asyncDispose]: drop,
  };
}

async function openWith(options: Readonly<Record<string, unknown>>, plugin: DatabasePlugin): Promise<Database> {
  const config = createConfig({ options, plugins: [plugin] });
  return await plugin.open(config.database, { logger: silentLogger, directory: config.directory });
}
