import type { Executor, LineageRow } from "@mortise/sql";
import { sql } from "kysely";
import { fullName } from "../dialect/names.ts";

function lineageTable(schema: string): string {
  return fullName(schema, "~lineage");
}

/** The rows of a schema's `~lineage`, undefined where there is no such table. */
export async function readLineage(executor: Executor, schema: string): Promise<readonly LineageRow[] | undefined> {
  const name = lineageTable(schema);
  const found = await executor.execute(sql`select 1 from sqlite_schema where type = 'table' and name = ${name}`);
  if (found.rows.length === 0) return undefined;
  const { rows } = await executor.execute<LineageRow>(sql`
    select table_name as "table", attribute_name as "attribute", lineage from ${sql.id(name)}
    order by table_name, attribute_name`);
  return rows;
}

/** Creates `~lineage` as Python does where it is missing, and replaces the rows of one table. */
export async function replaceLineage(
  executor: Executor,
  schema: string,
  table: string,
  rows: readonly LineageRow[],
): Promise<void> {
  const name = sql.id(lineageTable(schema));
  await executor.execute(sql`create table if not exists ${name} (
    table_name text not null, attribute_name text not null, lineage text not null,
    primary key (table_name, attribute_name)) strict, without rowid`);
  await executor.execute(sql`delete from ${name} where table_name = ${table}`);
  if (rows.length === 0) return;
  const values = rows.map((row) => sql`(${row.table}, ${row.attribute}, ${row.lineage})`);
  await executor.execute(sql`insert into ${name} (table_name, attribute_name, lineage) values ${sql.join(values)}
    on conflict (table_name, attribute_name) do update set lineage = excluded.lineage`);
}
