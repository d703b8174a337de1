export type { MysqlOptions } from "./options.ts";
export { mysql, openMysql } from "./plugin.ts";
