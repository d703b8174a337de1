import { isMortiseError, QueryError } from "@mortise/core";
import type { Executor } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import { createTables, type LedgerTables, ledgerFormat, ledgerTables } from "./tables.ts";

/**
 * Creates what is missing and answers with the schema's database id, which the owner markers of the stores name. Looks
 * first: creating a table would end the transaction that this may run in.
 */
export async function prepareLedger(executor: Executor, schema: string): Promise<string> {
  const tables = ledgerTables(schema);
  const known = await readMeta(executor, tables);
  if (known !== undefined) return checked(schema, known);
  for (const statement of createTables(tables)) await executor.execute(statement);
  // A duplicate stays as it is: of two processes that prepare at once, both then read the id of the first.
  await executor.execute(sql`insert into ${tables.meta} (\`key\`, value)
    values ('format_version', ${String(ledgerFormat)}), ('database_id', ${crypto.randomUUID()})
    on duplicate key update \`key\` = values(\`key\`)`);
  return checked(schema, (await readMeta(executor, tables)) ?? new Map());
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

function checked(schema: string, meta: ReadonlyMap<string, string>): string {
  const found = meta.get("format_version");
  if (found === String(ledgerFormat)) return meta.get("database_id") ?? "";
  throw new QueryError(
    "database",
    `schema "${schema}" keeps its object ledger in format ${found}, this version knows format ${ledgerFormat}`,
    { hint: "write with the version of Mortise that made it, or a later one" },
  );
}
