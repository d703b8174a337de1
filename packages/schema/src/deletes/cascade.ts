import {
  below,
  type Catalog,
  type DatabaseRow,
  type Dialect,
  type ForeignKeyEdge,
  type Session,
  tableKey,
} from "@mortise/sql";
import type { Cascade, CascadeStep, KeyColumn, TableName } from "../compile/delete-statements.ts";
import type { Compiler } from "../fetch/load-compiler.ts";

/** Rows to delete with all that depends on them; keys undefined: every row. */
export interface Seed {
  readonly table: TableName;
  readonly keyColumns: readonly KeyColumn[];
  readonly keys: readonly (readonly unknown[])[] | undefined;
}

/** What every step of one deletion uses. */
export interface DeleteRun {
  readonly session: Session;
  readonly dialect: Dialect;
  readonly catalog: Catalog;
  readonly compiler: Compiler;
  /** Every foreign key that can lie below the seed. */
  readonly edges: readonly ForeignKeyEdge[];
  readonly signal: AbortSignal | undefined;
}

/** Keys per statement: long lists cost more to parse than another statement costs to run. */
const maxKeys = 1000;

/**
 * The deletion below a seed in pieces that fit into one statement each. Every piece is closed: it holds all rows that
 * depend on its keys, so that the pieces can be deleted one after the other.
 */
export function* cascadesOf(seed: Seed, run: Pick<DeleteRun, "edges" | "dialect">): Generator<Cascade> {
  const steps = stepsBelow(seed.table, run.edges);
  const { keyColumns, keys } = seed;
  if (keys === undefined) {
    yield { steps, keyColumns, keys };
    return;
  }
  // Each way into a table names the keys once.
  const ways = Math.max(1, ...steps.map(({ edges }) => edges.length));
  const size = Math.max(1, Math.min(maxKeys, Math.floor(run.dialect.traits.maxParameters / keyColumns.length / ways)));
  for (let start = 0; start < keys.length; start += size)
    yield { steps, keyColumns, keys: keys.slice(start, start + size) };
}

/** Deletes leaves first and adds the rows of each table to `counts`. */
export async function deleteCascade(cascade: Cascade, run: DeleteRun, counts: Map<string, number>): Promise<void> {
  for (let target = cascade.steps.length - 1; target >= 0; target--) {
    run.signal?.throwIfAborted();
    const statement = run.compiler.deleteStatement(cascade, target, run.dialect);
    const { affected } = await run.session.execute(statement, { signal: run.signal });
    const step = cascade.steps[target] as CascadeStep;
    const key = tableKey(step.table);
    counts.set(key, (counts.get(key) ?? 0) + affected);
  }
}

/** Raw values of a row's key. */
export function keyOf(row: DatabaseRow, columns: readonly KeyColumn[]): readonly unknown[] {
  return columns.map(({ name }) => row[name]);
}

/** The tables below one as steps; a foreign key restricts a child only through its own columns (R-D4). */
function stepsBelow(table: TableName, edges: readonly ForeignKeyEdge[]): readonly CascadeStep[] {
  const graph = below(table, edges);
  const positions = new Map(graph.order.map((node, index) => [tableKey(node), index]));
  const incoming = Map.groupBy(graph.edges, (edge) => tableKey(edge.child));
  return graph.order.map((node) => ({
    table: node,
    edges: (incoming.get(tableKey(node)) ?? []).map((edge) => ({
      parent: positions.get(tableKey(edge.parent)) ?? 0,
      columns: edge.columns,
    })),
  }));
}
