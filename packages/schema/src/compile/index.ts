/**
 * Queries to SQL. The only folder that imports Kysely when it runs, which takes 100–200 ms: it is loaded by
 * `fetch/load-compiler.ts` when the first query runs, never when a project or table is made.
 */
export { type Block, findColumn, type QueryColumn } from "./block.ts";
export { compileNode } from "./compile.ts";
export { createEnvironment } from "./create-environment.ts";
export * from "./delete-statements.ts";
export { headingOf } from "./heading.ts";
export { canPage, pageStatement } from "./page.ts";
export { countStatement, existsStatement, fetchStatement } from "./select.ts";
