import type { Executor, LineageRow } from "@mortise/sql";
import { sql } from "kysely";
import { quoteTable } from "../dialect/names.ts";

const name = "~lineage";

async function exists(executor: Executor, schema: string): Promise<boolean> {
  const { rows } = await executor.execute(sql`
    SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ${schema} AND c.relname = ${name}`);
  return rows.length > 0;
}

/** The rows of a schema's `~lineage`, undefined where there is no such table. */
export async function readLineage(executor: Executor, schema: string): Promise<readonly LineageRow[] | undefined> {
  // Asked first: selecting from a table that is not there would end the caller's transaction.
  if (!(await exists(executor, schema))) return undefined;
  const { rows } = await executor.execute<LineageRow>(sql`
    SELECT table_name AS "table", attribute_name AS "attribute", lineage FROM ${sql.raw(quoteTable(schema, name))}
    ORDER BY table_name COLLATE "C", attribute_name COLLATE "C"`);
  return rows;
}

/** Creates `~lineage` as Python does where it is missing, and replaces the rows of one table. */
export async function replaceLineage(
  executor: Executor,
  schema: string,
  table: string,
  rows: readonly LineageRow[],
): Promise<void> {
  const lineage = sql.raw(quoteTable(schema, name));
  if (!(await exists(executor, schema))) {
    // Two that create it at once would get an error of the catalog in spite of IF NOT EXISTS.
    await executor.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`mortise ${schema}.${name}`}, 0))`);
    await executor.execute(sql`CREATE TABLE IF NOT EXISTS ${lineage} (
      table_name VARCHAR(64) NOT NULL, attribute_name VARCHAR(64) NOT NULL, lineage VARCHAR(255) NOT NULL,
      PRIMARY KEY (table_name, attribute_name))`);
  }
  await executor.execute(sql`DELETE FROM ${lineage} WHERE table_name = ${table}`);
  if (rows.length === 0) return;
  const values = rows.map((row) => sql`(${row.table}, ${row.attribute}, ${row.lineage})`);
  await executor.execute(sql`INSERT INTO ${lineage} (table_name, attribute_name, lineage) VALUES ${sql.join(values)}
    ON CONFLICT (table_name, attribute_name) DO UPDATE SET lineage = excluded.lineage`);
}
