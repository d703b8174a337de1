import { apiVersion } from "@mortise/core";
import type { Database, DatabasePlugin } from "@mortise/sql";
import { configKeys, type MysqlOptions } from "./options.ts";

/**
 * Opens a MySQL or MariaDB server without a project.
 *
 * @throws ConfigError `unreachable`, `access`, `tls-unavailable`, `tls-ca`, `server-unsupported`, or what is wrong with
 * the options: `database-host`, `database-user`, `database-settings`
 *
 * @example
 * await using database = await openMysql({ host: "localhost", user: "lab", password: secret });
 */
export async function openMysql(options: MysqlOptions): Promise<Database> {
  // mysql2 and Kysely come with this module, and they take longer to load than everything else.
  const { openServer } = await import("./open.ts");
  return openServer(options);
}

/** The plugin for `openProject({ plugins: [mysql] })`. */
export const mysql: DatabasePlugin = {
  kind: "database",
  apiVersion,
  name: "@mortise/db-mysql",
  origin: import.meta.url,
  backends: ["mysql"],
  keys: configKeys,
  open: async (spec, context) => {
    const { openConfigured } = await import("./open.ts");
    return openConfigured(spec, context);
  },
};
