import { DefinitionError } from "@mortise/core";
import type { Catalog, ForeignKeyEdge } from "../catalog.ts";
import type { Executor } from "../database.ts";

/** The tables that depend on one table, however far down and in whatever schema, with the foreign keys between them. */
export interface DependencyGraph {
  /** The table itself first, every parent before its children. */
  readonly order: readonly GraphTable[];
  /** Only edges between tables of `order`. */
  readonly edges: readonly ForeignKeyEdge[];
}

/** A table by its name in the database; it may belong to no program that is running. */
export interface GraphTable {
  readonly schema: string;
  readonly table: string;
}

/** One text per table; schema names hold no dot. */
export function tableKey({ schema, table }: GraphTable): string {
  return `${schema}.${table}`;
}

/**
 * Reads the foreign keys below a table. Schemas are followed one by one, so that only those that can depend on it are
 * read, and none is missed because nobody has opened it. Throws `DefinitionError` `cycle`.
 */
export async function dependentsOf(catalog: Catalog, executor: Executor, root: GraphTable): Promise<DependencyGraph> {
  return below(root, await foreignKeysBelow(catalog, executor, root.schema));
}

/** Every foreign key into the schema, into the schemas these lie in, and so on. */
export async function foreignKeysBelow(
  catalog: Catalog,
  executor: Executor,
  schema: string,
): Promise<readonly ForeignKeyEdge[]> {
  const known = new Set<string>();
  const edges: ForeignKeyEdge[] = [];
  for (let unread = [schema]; unread.length > 0; ) {
    for (const name of unread) known.add(name);
    const found = await catalog.foreignKeysInto(executor, unread);
    edges.push(...found);
    unread = [...new Set(found.map((edge) => edge.child.schema))].filter((name) => !known.has(name));
  }
  return edges;
}

/** The part of a graph that can be reached from one table, parents first. */
export function below(root: GraphTable, edges: readonly ForeignKeyEdge[]): DependencyGraph {
  const children = Map.groupBy(edges, (edge) => tableKey(edge.parent));
  const done = new Set<string>();
  const path: GraphTable[] = [];
  const reversed: GraphTable[] = [];
  // Depth first: a table is listed when all that depends on it is, then the list is turned round.
  const visit = (table: GraphTable): void => {
    const key = tableKey(table);
    if (path.some((above) => tableKey(above) === key)) throw cycle([...path, table]);
    if (done.has(key)) return;
    path.push(table);
    for (const edge of children.get(key) ?? []) visit(edge.child);
    path.pop();
    done.add(key);
    reversed.push(table);
  };
  visit(root);
  return { order: reversed.toReversed(), edges: edges.filter((edge) => done.has(tableKey(edge.parent))) };
}

/** Names the tables of the circle, so that it can be found in the definitions. */
function cycle(path: readonly GraphTable[]): DefinitionError {
  const last = path.at(-1);
  const start = path.findIndex((table) => last !== undefined && tableKey(table) === tableKey(last));
  const names = path.slice(start).map(tableKey);
  return new DefinitionError("cycle", `tables depend on each other in a circle: ${names.join(" <- ")}`, {
    hint: "remove one of these foreign keys; rows in a circle could neither be inserted nor deleted",
  });
}
