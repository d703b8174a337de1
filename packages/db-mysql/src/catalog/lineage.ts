import type { Executor, LineageRow } from "@mortise/sql";
import { sql } from "kysely";
import { quoteTable } from "../dialect/names.ts";

const name = "~lineage";

/** Asked for rather than tried: CREATE TABLE IF NOT EXISTS commits the open transaction even where it does nothing. */
async function hasLineage(executor: Executor, schema: string): Promise<boolean> {
  const { rows } = await executor.execute(sql`
    select 1 as found from information_schema.tables where table_schema = ${schema} and table_name = ${name}`);
  return rows.length > 0;
}

/** The rows of a schema's `~lineage`, undefined where there is no such table. */
export async function readLineage(executor: Executor, schema: string): Promise<readonly LineageRow[] | undefined> {
  if (!(await hasLineage(executor, schema))) return undefined;
  const { rows } = await executor.execute<LineageRow>(sql`
    select table_name as ${sql.id("table")}, attribute_name as ${sql.id("attribute")}, lineage as ${sql.id("lineage")}
    from ${sql.id(schema, name)} order by table_name, attribute_name`);
  return rows;
}

/** Creates `~lineage` as Python does where it is missing, and replaces the rows of one table. */
export async function replaceLineage(
  executor: Executor,
  schema: string,
  table: string,
  rows: readonly LineageRow[],
): Promise<void> {
  if (!(await hasLineage(executor, schema))) await executor.execute(sql.raw(createText(schema)));
  const target = sql.id(schema, name);
  await executor.execute(sql`delete from ${target} where table_name = ${table}`);
  if (rows.length === 0) return;
  const values = rows.map((row) => sql`(${row.table}, ${row.attribute}, ${row.lineage})`);
  await executor.execute(sql`insert into ${target} (table_name, attribute_name, lineage) values ${sql.join(values)}
    on duplicate key update lineage = values(lineage)`);
}

function createText(schema: string): string {
  return `CREATE TABLE IF NOT EXISTS ${quoteTable(schema, name)} (
  \`table_name\` VARCHAR(64) NOT NULL COMMENT 'table name within the schema',
  \`attribute_name\` VARCHAR(64) NOT NULL COMMENT 'attribute name',
  \`lineage\` VARCHAR(255) NOT NULL COMMENT 'origin: schema.table.attribute',
  PRIMARY KEY (\`table_name\`, \`attribute_name\`)
) ENGINE=InnoDB`;
}
