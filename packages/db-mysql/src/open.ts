import type { Database, DatabaseContext, DatabaseSpec } from "@mortise/sql";
import { serverDatabase, serverOptions, serverSettings } from "@mortise/sql/server";
import { mysqlCatalog } from "./catalog/catalog.ts";
import { mysqlDriver } from "./connection/driver.ts";
import { mysqlDialect } from "./dialect/dialect.ts";
import { kyselyPieces } from "./kysely/pieces.ts";
import { createMysqlLedger } from "./ledger/index.ts";
import type { MysqlOptions } from "./options.ts";

const defaultPort = 3306;

/** Opens the server that a resolved configuration names. `name` is PostgreSQL's: here every schema is a database. */
export function openConfigured(spec: DatabaseSpec, context: DatabaseContext): Promise<Database> {
  return openServer(serverOptions(spec, context));
}

/** Behind a dynamic import: everything below loads Kysely and mysql2. */
export async function openServer(options: MysqlOptions): Promise<Database> {
  const settings = await serverSettings({ ...options, name: undefined }, { port: defaultPort });
  return serverDatabase(
    {
      driver: mysqlDriver(settings),
      dialect: mysqlDialect,
      catalog: mysqlCatalog,
      ledger: createMysqlLedger(),
      kysely: kyselyPieces,
      settings,
    },
    options.signal,
  );
}
