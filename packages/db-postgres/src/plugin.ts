import { apiVersion } from "@mortise/core";
import { type Database, type DatabasePlugin, serverKeys } from "@mortise/sql";
import type { PostgresOptions } from "./options.ts";

/**
 * Opens a PostgreSQL database without a project.
 *
 * @throws ConfigError `unreachable`, `access`, `unknown-database`, `tls-unavailable`, `tls-ca`, `database-encoding`, and
 *   for options that can't be used `database-host`, `database-user`, `database-settings`
 *
 * @example
 * await using database = await openPostgres({ host: "db.lab.org", user: "alice", password, name: "lab" });
 */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  // Kysely and pg come with this module, and they take longer to load than everything else.
  const { openServer } = await import("./open.ts");
  return await openServer(options);
}

/** The plugin for `openProject({ plugins: [postgres] })`, where `database.backend` is `postgresql`. */
export const postgres: DatabasePlugin = {
  kind: "database",
  apiVersion,
  name: "@mortise/db-postgres",
  origin: import.meta.url,
  backends: ["postgresql"],
  keys: serverKeys,
  open: async (spec, context) => {
    const { serverOptions } = await import("@mortise/sql/server");
    return await openPostgres(serverOptions(spec, context));
  },
};
