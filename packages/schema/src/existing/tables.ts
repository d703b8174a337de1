import type { ProjectContext, TableBinding } from "../context.ts";
import { masterTableOf, ownTierOf, tierOf } from "../names/index.ts";
import { readSchema } from "./catalog-tables.ts";
import { byClassName } from "./class-names.ts";
import { openBinding } from "./open-binding.ts";
import { parentsFirst } from "./parents-first.ts";

/** A table in the database by its class name. */
export interface ExistingTable {
  readonly className: string;
  readonly binding: TableBinding;
}

/** Every user table of a schema, as the database has it, parents first. Two statements, however many tables. */
export async function existingTables(project: ProjectContext, schema: string): Promise<readonly ExistingTable[]> {
  const { catalog } = await project.database();
  const executor = await project.executor();
  const named = byClassName(parentsFirst(await readSchema(catalog, executor, schema)), project);
  const lineage = named.size === 0 ? undefined : await catalog.lineage(executor, schema);
  const bindings = new Map<string, TableBinding>();
  return [...named].map(([className, spec]) => {
    // Masters come before their parts, so that they are known already.
    const master = tierOf(spec.name) === "part" ? bindings.get(masterTableOf(spec.name) ?? "") : undefined;
    const binding = openBinding(project, spec, ownTierOf(spec.name) ?? "manual", lineage, master);
    bindings.set(spec.name, binding);
    return { className, binding };
  });
}
