import type { Catalog } from "@mortise/sql";
import { sql } from "kysely";
import { readForeignKeysInto } from "./foreign-keys.ts";
import { readLineage, replaceLineage } from "./lineage.ts";
import { isTable, readTables } from "./read-tables.ts";

/** What the server's information_schema tells; it shows only what the user has a privilege for. */
export const mysqlCatalog: Catalog = {
  async schemas(executor) {
    const { rows } = await executor.execute<{ name: string }>(sql`
      select schema_name as name from information_schema.schemata
      where schema_name not in ('information_schema', 'mysql', 'performance_schema', 'sys')`);
    return rows.map((row) => row.name).toSorted();
  },
  async tableNames(executor, schema) {
    const { rows } = await executor.execute<{ name: string }>(sql`
      select table_name as name from information_schema.tables
      where table_schema = ${schema} and ${isTable} and table_name not like '~%'`);
    return rows.map((row) => row.name).toSorted();
  },
  tables: readTables,
  foreignKeysInto: readForeignKeysInto,
  lineage: readLineage,
  replaceLineage,
};
