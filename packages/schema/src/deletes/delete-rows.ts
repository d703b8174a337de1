import { checkOptions, QueryError } from "@mortise/core";
import { foreignKeysBelow, tableKey } from "@mortise/sql";
import type { TableBinding } from "../context.ts";
import { openRead, type Read } from "../fetch/open-read.ts";
import { invalidQuery, noKey, show } from "../query/errors.ts";
import type { QueryNode } from "../query/node.ts";
import { requireRollback } from "../rows/rollback.ts";
import type { DeleteOptions } from "../types/index.ts";
import { atomically } from "./atomically.ts";
import { cascadesOf, type DeleteRun, deleteCascade, keyOf, type Seed } from "./cascade.ts";
import { keyText, masterOf, withMasters } from "./masters.ts";

/** What may happen to rows of parts whose master stays (relational specification §6.6). */
const policies = ["enforce", "ignore", "cascade"] as const;

/**
 * Deletes the rows of a restricted table and everything that depends on them, in every schema, in one transaction or
 * inside the open one; returns how many rows of the table itself went. The keys are read first: a restriction may name
 * tables that lose rows on the way (R-D5).
 *
 * Throws `QueryError`: `invalid-query` for what is no restricted table and for a whole table without `all`;
 * `part-without-master` where rows of a part would go and their master stay; `integrity` where a table that this user
 * can't see holds on to a row. Nothing is deleted then.
 */
export async function deleteRows(node: QueryNode, options: DeleteOptions = {}): Promise<number> {
  checkOptions("delete", options, ["all", "parts", "signal"]);
  const binding = deletable(node);
  const policy = options.parts ?? "enforce";
  if (!policies.includes(policy))
    throw invalidQuery(`delete got parts: ${show(policy)}`, `allowed: ${policies.join(", ")}`);
  if (policy === "enforce" && binding.master !== undefined)
    throw partAlone(`${binding.className} is a part of ${binding.master.className}: its rows go with their master`);
  const read = await openRead(node);
  const restricted = read.block.where.length > 0;
  if (!restricted && options.all !== true)
    throw invalidQuery(
      `delete on ${binding.className} has no restriction and would delete every row`,
      "add where(…), or say that all rows are meant: delete({ all: true })",
    );
  const spec = await binding.spec();
  requireRollback(spec);
  const { primaryKey, columns } = spec;
  if (primaryKey.length === 0) throw noKey(binding.className);
  const keyColumns = columns.filter(({ name }) => primaryKey.includes(name));
  return atomically(binding.project, options.signal, async (session) => {
    const { dialect, catalog } = read.database;
    const edges = await foreignKeysBelow(catalog, session, binding.schema);
    const run: DeleteRun = { session, dialect, catalog, compiler: read.compiler, edges, signal: options.signal };
    const table = { schema: binding.schema, table: binding.tableName };
    const keys = restricted || policy === "cascade" ? await seedKeys(read, { table, keyColumns }, run) : undefined;
    if (keys?.length === 0) return 0;
    const seed: Seed = { table, keyColumns, keys };
    const counts = new Map<string, number>();
    for (const each of policy === "cascade" ? await withMasters(seed, run) : [seed])
      for (const cascade of cascadesOf(each, run)) await deleteCascade(cascade, run, counts);
    if (policy === "enforce") checkMasters(counts);
    return counts.get(tableKey(table)) ?? 0;
  });
}

/** The table of a query that is nothing but a restricted table. */
function deletable(node: QueryNode): TableBinding {
  let current = node;
  while (current.kind === "where") current = current.source;
  if (current.kind === "table") return current.binding;
  const found = {
    projection: "a projection",
    join: "a join",
    distinct: "a set of values",
    order: "an ordered query",
    limit: "a limited query",
  };
  throw invalidQuery(
    `delete needs a table, restricted by where; this is ${found[current.kind]}`,
    "delete by its keys: table.where(await query.keys()).delete()",
  );
}

/**
 * The keys of the restricted rows, before anything is deleted. Where rows are locked one by one, somebody may be changing
 * them, so that the restriction means them no more when he has committed: once they are locked they are read again, and
 * only rows that were there both times go.
 */
async function seedKeys(
  read: Read,
  { table, keyColumns }: Omit<Seed, "keys">,
  run: DeleteRun,
): Promise<readonly (readonly unknown[])[]> {
  const statement = read.compiler.keyStatement(read.block, keyColumns);
  const matching = async (): Promise<readonly (readonly unknown[])[]> => {
    // Raw values, bound again as they came: nothing is lost on the way.
    const { rows } = await run.session.execute(statement, { signal: run.signal, bigints: true });
    return rows.map((row) => keyOf(row, keyColumns));
  };
  const keys = await matching();
  if (keys.length === 0 || read.block.where.length === 0 || read.database.ledger.lockIsIntent) return keys;
  for (const piece of cascadesOf({ table, keyColumns, keys }, { ...run, edges: [] }))
    await run.session.execute(read.compiler.lockStatement(piece, run.dialect), { signal: run.signal });
  const locked = new Set(keys.map((key) => keyText(keyColumns, key)));
  return (await matching()).filter((key) => locked.has(keyText(keyColumns, key)));
}

/** As in Python a check of tables, not of rows: a part that lost rows needs a master that lost some. */
function checkMasters(counts: ReadonlyMap<string, number>): void {
  for (const [key, count] of counts) {
    const dot = key.indexOf(".");
    const master = masterOf({ schema: key.slice(0, dot), table: key.slice(dot + 1) });
    if (count > 0 && master !== undefined && (counts.get(tableKey(master)) ?? 0) === 0)
      throw partAlone(`deleting would remove ${count} rows of ${key} and none of its master ${tableKey(master)}`);
  }
}

/** One code for both checks: before, where it is clear, and after, where the rows decide. */
function partAlone(message: string): QueryError {
  return new QueryError("part-without-master", message, {
    hint: 'delete from the master; or { parts: "cascade" } to delete the masters too, { parts: "ignore" } to leave them',
  });
}
