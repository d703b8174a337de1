export type { SqliteOptions } from "./options.ts";
export { openSqlite, sqlite } from "./plugin.ts";
