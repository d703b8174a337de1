import { startMysql } from "./mysql.ts";
import { startPostgres } from "./postgres.ts";
import type { RunningServer } from "./running-server.ts";

/** The local server of each backend, as the configuration names them. */
export const databaseServerOf: Readonly<Record<string, () => Promise<RunningServer>>> = {
  postgresql: startPostgres,
  mysql: () => startMysql(),
};
