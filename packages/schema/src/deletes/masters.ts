import { type ForeignKeyEdge, tableKey } from "@mortise/sql";
import type { Cascade, KeyColumn, TableName } from "../compile/delete-statements.ts";
import { masterTableOf, tierOf } from "../names/index.ts";
import { cascadesOf, type DeleteRun, keyOf, type Seed } from "./cascade.ts";

/** The master of a part; undefined for any other table. */
export function masterOf({ schema, table }: TableName): TableName | undefined {
  const master = tierOf(table) === "part" ? masterTableOf(table) : undefined;
  return master === undefined ? undefined : { schema, table: master };
}

/**
 * The seed, and the masters of all parts that lose rows, as further seeds, until nothing new is found: a master brings
 * in its other parts and dependents, and these again may be parts of other masters (relational specification §6.6).
 */
export async function withMasters(seed: Seed, run: DeleteRun): Promise<readonly Seed[]> {
  const seeds: Seed[] = [seed];
  const known = new Map<string, Set<string>>();
  remember(known, seed);
  // The list grows while it is read.
  for (const current of seeds) {
    for (const cascade of cascadesOf(current, run)) {
      for (const [index, { table }] of cascade.steps.entries()) {
        const master = masterOf(table);
        if (master === undefined) continue;
        const found = await masterSeed(cascade, index, table, master, run);
        const fresh = found === undefined ? undefined : withoutKnown(known, found);
        if (fresh === undefined) continue;
        remember(known, fresh);
        seeds.push(fresh);
      }
    }
  }
  return seeds;
}

/** The master's rows that own what a cascade reaches in a part. */
async function masterSeed(
  cascade: Cascade,
  index: number,
  part: TableName,
  master: TableName,
  run: DeleteRun,
): Promise<Seed | undefined> {
  let seed: Seed | undefined;
  for (const edge of pathUp(part, master, run.edges)) {
    const pieces: readonly (readonly [Cascade, number])[] =
      seed === undefined ? [[cascade, index]] : [...cascadesOf(seed, { ...run, edges: [] })].map((piece) => [piece, 0]);
    const keyColumns = await keyColumnsOf(edge, run);
    const keys: (readonly unknown[])[] = [];
    for (const [piece, step] of pieces) {
      const statement = run.compiler.masterKeyStatement(piece, step, edge.columns, run.dialect);
      const { rows } = await run.session.execute(statement, { signal: run.signal, bigints: true });
      // A nullable foreign key may name no parent.
      keys.push(...rows.map((row) => keyOf(row, keyColumns)).filter((key) => !key.includes(null)));
    }
    seed = { table: edge.parent, keyColumns, keys };
  }
  return seed;
}

/** The parent's side of a foreign key. */
async function keyColumnsOf({ parent, columns }: ForeignKeyEdge, run: DeleteRun): Promise<readonly KeyColumn[]> {
  const [spec] = await run.catalog.tables(run.session, parent.schema, [parent.table]);
  return columns.map(([, name]) => spec?.columns.find((column) => column.name === name) ?? { name });
}

/** The shortest way from a part to its master, edge by edge; empty where no foreign key leads there. */
function pathUp(part: TableName, master: TableName, edges: readonly ForeignKeyEdge[]): readonly ForeignKeyEdge[] {
  const goal = tableKey(master);
  const seen = new Set([tableKey(part)]);
  let paths: (readonly ForeignKeyEdge[])[] = [[]];
  while (paths.length > 0) {
    const longer: (readonly ForeignKeyEdge[])[] = [];
    for (const path of paths) {
      const from = tableKey(path.at(-1)?.parent ?? part);
      for (const edge of edges) {
        const to = tableKey(edge.parent);
        if (tableKey(edge.child) !== from || seen.has(to)) continue;
        if (to === goal) return [...path, edge];
        seen.add(to);
        longer.push([...path, edge]);
      }
    }
    paths = longer;
  }
  return [];
}

/** Keys that are seeds already, so that the search ends. A seed of all rows is never extended and needs none. */
function remember(known: Map<string, Set<string>>, { table, keyColumns, keys }: Seed): void {
  const name = tableKey(table);
  const texts = known.get(name) ?? new Set<string>();
  for (const key of keys ?? []) texts.add(keyText(keyColumns, key));
  known.set(name, texts);
}

/** The new keys of a found seed; undefined where all were known. */
function withoutKnown(known: ReadonlyMap<string, ReadonlySet<string>>, seed: Seed): Seed | undefined {
  const texts = known.get(tableKey(seed.table));
  const keys = seed.keys?.filter((key) => texts?.has(keyText(seed.keyColumns, key)) !== true) ?? [];
  return keys.length === 0 ? undefined : { ...seed, keys };
}

/** Keys of one table may come with their columns in different orders. */
export function keyText(columns: readonly KeyColumn[], key: readonly unknown[]): string {
  const parts = columns.map(({ name }, index) => [name, valueText(key[index])] as const);
  return JSON.stringify(parts.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Raw values of a key: numbers, bigints, text or bytes. */
function valueText(value: unknown): string {
  return value instanceof Uint8Array ? value.join() : String(value);
}
