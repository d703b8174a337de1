import type { Catalog } from "@mortise/sql";
import { sql } from "kysely";
import { readForeignKeysInto } from "./foreign-keys.ts";
import { readLineage, replaceLineage } from "./lineage.ts";
import { readTables, userTable } from "./read-tables.ts";

/** What PostgreSQL's own catalogs know of its tables. Everything is found by object id, so that any name works. */
export const postgresCatalog: Catalog = {
  async schemas(executor) {
    const { rows } = await executor.execute<{ name: string }>(sql`
      SELECT nspname AS name FROM pg_catalog.pg_namespace
      WHERE NOT starts_with(nspname::text, 'pg_') AND nspname <> 'information_schema' ORDER BY nspname`);
    return rows.map((row) => row.name);
  },
  async tableNames(executor, schema) {
    const { rows } = await executor.execute<{ name: string }>(sql`
      SELECT c.relname AS name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ${schema} AND ${userTable} ORDER BY c.relname`);
    return rows.map((row) => row.name);
  },
  tables: readTables,
  foreignKeysInto: readForeignKeysInto,
  lineage: readLineage,
  replaceLineage,
};
