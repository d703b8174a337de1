import type { Tier } from "../context.ts";
import type { AttributeLine, TableDefinition } from "../definition/ast.ts";
import { problemAt } from "../definition/problems.ts";

/**
 * Rows of computed and imported tables belong to rows of their parents: what is computed is decided by the key, so the
 * whole key must come from foreign keys. Only asked of new tables, because Python does not enforce it. `fromParents`
 * are the columns that foreign keys bring.
 */
export function checkComputedKey(
  definition: TableDefinition,
  tier: Tier,
  table: string,
  fromParents: ReadonlySet<string>,
): void {
  if (tier !== "computed" && tier !== "imported") return;
  const own = definition.items.find(
    (item): item is AttributeLine => item.kind === "attribute" && item.inKey && !fromParents.has(item.name),
  );
  if (own === undefined) return;
  throw problemAt(
    own.position,
    table,
    "invalid-key",
    `'${own.name}' is in the key, but the key of a table that is ${tier} comes from foreign keys alone`,
    { hint: `move '${own.name}' below '---', or into a part table` },
  );
}
