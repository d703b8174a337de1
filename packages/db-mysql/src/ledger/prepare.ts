import { isMortiseError } from "@mortise/core";
import { databaseIdOf, type Executor, ledgerFormat, type Statement } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import { createTables, type LedgerTables, ledgerTables } from "./tables.ts";

/**
 * Creates what is missing and answers with the schema's database id, which the owner markers of the stores name. Looks
 * first: creating a table would end the transaction that this may run in.
 */
export async function prepareLedger(executor: Executor, schema: string): Promise<string> {
  const tables = ledgerTables(schema);
  const known = await readMeta(executor, tables);
  if (known !== undefined) return databaseIdOf(schema, known);
  for (const statement of createTables(tables)) await create(executor, statement);
  // `ignore`: of several processes that prepare at once, all read the id of the first. ON DUPLICATE KEY UPDATE would lock
  // the gap beside the row as well, and end in deadlocks.
  await executor.execute(sql`insert ignore into ${tables.meta} (\`key\`, value)
    values ('database_id', ${crypto.randomUUID()}), ('format_version', ${String(ledgerFormat)})`);
  return databaseIdOf(schema, (await readMeta(executor, tables)) ?? new Map());
}

/** How often a table is tried again when others create it at the same time. */
const attempts = 10;

/** MySQL finds deadlocks between several CREATE TABLE of one name. A session has ended then: its owner begins another. */
async function create(executor: Executor, statement: Statement): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await executor.execute(statement);
      return;
    } catch (error) {
      if (!isMortiseError(error, "conflict") || "commit" in executor || attempt === attempts) throw error;
    }
  }
}

/** What the schema's ledger says of itself; undefined where it is not complete. */
async function readMeta(executor: Executor, { meta }: LedgerTables): Promise<ReadonlyMap<string, string> | undefined> {
  try {
    const { rows } = await executor.execute<{ key: string; value: string }>(
      sql`select \`key\`, value from ${meta} where \`key\` in ('format_version', 'database_id')`,
    );
    return rows.length === 2 ? new Map(rows.map((row) => [row.key, row.value])) : undefined;
  } catch (error) {
    if (isMortiseError(error, "missing-table")) return undefined;
    throw error;
  }
}
