import type { TableSpec } from "@mortise/sql";
import { masterTableOf, tierOf } from "../names/index.ts";

/**
 * The tables of one schema, every parent before its children and every master before its parts, else by name. Tables
 * that others have made may refer to each other in a circle: one of them then comes before its parent.
 */
export function parentsFirst(specs: readonly TableSpec[]): readonly TableSpec[] {
  const byName = new Map(specs.map((spec) => [spec.name, spec]));
  const order = new Set<TableSpec>();
  const begun = new Set<TableSpec>();
  const visit = (spec: TableSpec): void => {
    if (begun.has(spec)) return;
    begun.add(spec);
    for (const name of parentsOf(spec)) {
      const parent = byName.get(name);
      if (parent !== undefined) visit(parent);
    }
    order.add(spec);
  };
  for (const name of [...byName.keys()].sort()) visit(byName.get(name) as TableSpec);
  return [...order];
}

/** Parents in other schemas have nothing to say about the order in this one. */
function parentsOf({ schema, name, foreignKeys }: TableSpec): readonly string[] {
  const parents = foreignKeys.flatMap(({ parent }) => (parent.schema === schema ? [parent.table] : []));
  const master = tierOf(name) === "part" ? masterTableOf(name) : undefined;
  return master === undefined ? parents : [master, ...parents];
}
