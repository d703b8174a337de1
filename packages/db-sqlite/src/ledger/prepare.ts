import { databaseIdOf, type Executor, ledgerFormat } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import { createTables, ledgerTables } from "./tables.ts";

/** Creates what is missing and answers with the schema's database id, which the owner markers of the stores name. */
export async function prepareLedger(executor: Executor, schema: string): Promise<string> {
  const tables = ledgerTables(schema);
  for (const statement of createTables(tables)) await executor.execute(statement);
  // `or ignore`: of two processes that prepare at once, both then read the id of the first.
  await executor.execute(sql`insert or ignore into ${tables.meta} (key, value)
    values ('format_version', ${String(ledgerFormat)}), ('database_id', ${crypto.randomUUID()})`);
  const { rows } = await executor.execute<{ key: string; value: string }>(
    sql`select key, value from ${tables.meta} where key in ('format_version', 'database_id')`,
  );
  return databaseIdOf(schema, new Map(rows.map((row) => [row.key, row.value])));
}
