export type { PostgresOptions } from "./options.ts";
export { openPostgres, postgres } from "./plugin.ts";
