import type { ServerOptions } from "@mortise/sql";

/** What `openPostgres` takes. `name` is the database to connect to, default `postgres`: its schemas are ours. */
export type PostgresOptions = ServerOptions;

/** DataJoint's own defaults. */
export const defaults = { port: 5432, name: "postgres" } as const;
