import { createConfig } from "@mortise/core/config";
import { mysql } from "@mortise/db-mysql";
import { postgres } from "@mortise/db-postgres";
import { openProject, type Project } from "@mortise/schema";
import { startMysql } from "../../integration/databases/servers/mysql.ts";
import { startPostgres } from "../../integration/databases/servers/postgres.ts";
import type { RunningServer } from "../../integration/databases/servers/running-server.ts";

const starters = { postgresql: startPostgres, mysql: startMysql } as const;

/** What a driver needs to connect. */
export type ServerSettings = RunningServer["server"];

/** Starts the database that the command line names in a container. */
export function startServer(database: string | undefined): Promise<RunningServer> {
  if (database !== "postgresql" && database !== "mysql") throw new Error("give --database postgresql or mysql");
  return starters[database]();
}

export function openOn({ backend, host, port, user, password }: ServerSettings): Promise<Project<unknown>> {
  const plugins = [postgres, mysql];
  // These servers listen on loopback, where TLS would only slow both sides down.
  const options = { database: { backend, host, port, user, password, use_tls: false } };
  return openProject({ plugins, config: createConfig({ plugins, options }) });
}
