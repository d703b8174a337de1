import { databaseIdOf, type Executor, ledgerFormat } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import { createTables, ledgerTables, tableNames } from "./tables.ts";

/** Creates what is missing and answers with the schema's database id, which the owner markers of the stores name. */
export async function prepareLedger(executor: Executor, schema: string): Promise<string> {
  // Looked for first: `create … if not exists` asks for the privilege to create even where there is nothing to do.
  if (!(await hasTables(executor, schema))) await executor.execute(createTables(schema));
  return databaseIdOf(schema, (await readMeta(executor, schema)) ?? (await writeMeta(executor, schema)));
}

type Meta = ReadonlyMap<string, string>;

async function hasTables(executor: Executor, schema: string): Promise<boolean> {
  const { rows } = await executor.execute<{ readonly tables: number }>(
    sql`select count(*) as tables from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = ${schema} and c.relname = any(${[...tableNames]})`,
  );
  return rows[0]?.tables === tableNames.length;
}

async function readMeta(executor: Executor, schema: string): Promise<Meta | undefined> {
  const { meta } = ledgerTables(schema);
  const { rows } = await executor.execute<{ readonly key: string; readonly value: string }>(
    sql`select key, value from ${meta} where key in ('format_version', 'database_id')`,
  );
  const values = new Map(rows.map((row) => [row.key, row.value]));
  return values.size === 2 ? values : undefined;
}

/** Of two processes that come here at once the second waits for the first, changes nothing and reads its id. */
async function writeMeta(executor: Executor, schema: string): Promise<Meta> {
  const { meta } = ledgerTables(schema);
  await executor.execute(sql`insert into ${meta} (key, value)
    values ('database_id', ${crypto.randomUUID()}), ('format_version', ${String(ledgerFormat)})
    on conflict (key) do nothing`);
  return (await readMeta(executor, schema)) ?? new Map();
}
