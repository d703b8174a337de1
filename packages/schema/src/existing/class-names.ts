import type { TableSpec } from "@mortise/sql";
import type { ProjectContext } from "../context.ts";
import { ownTierOf, qualifiedClassName } from "../names/index.ts";

/**
 * Tables by the name that opens them: their class name, and for the second of two tables with one (`#rig` and `rig`) the
 * table's own. Tables whose name no class can have are left out and told to the log: they are not the user's, or not
 * made for DataJoint.
 */
export function byClassName(specs: readonly TableSpec[], { logger }: ProjectContext): ReadonlyMap<string, TableSpec> {
  const named = new Map<string, TableSpec>();
  for (const spec of specs) {
    const { schema, name } = spec;
    if (ownTierOf(name) === undefined) {
      logger.debug("table.ignored", { schema, table: name, reason: "its name is that of no table class" });
      continue;
    }
    const className = qualifiedClassName(name);
    named.set(named.has(className) ? name : className, spec);
  }
  return named;
}
