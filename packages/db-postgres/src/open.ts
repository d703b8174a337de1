import type { Database, ServerOptions } from "@mortise/sql";
import { serverDatabase, serverSettings } from "@mortise/sql/server";
import { postgresCatalog } from "./catalog/catalog.ts";
import { PostgresDriver } from "./connection/driver.ts";
import { postgresDialect } from "./dialect/dialect.ts";
import { kyselyPieces } from "./kysely/pieces.ts";
import { createPostgresLedger } from "./ledger/ledger.ts";
import { defaults } from "./options.ts";

/** Connects to a server. Behind a dynamic import: everything below loads Kysely and pg. */
export async function openServer(options: ServerOptions): Promise<Database> {
  const settings = await serverSettings(options, defaults);
  const parts = {
    driver: new PostgresDriver(settings),
    dialect: postgresDialect,
    catalog: postgresCatalog,
    ledger: createPostgresLedger(),
    kysely: kyselyPieces,
    settings,
  };
  return await serverDatabase(parts, options.signal);
}
