import type { LineageRow, TableSpec } from "@mortise/sql";
import type { ProjectContext, TableBinding, Tier } from "../context.ts";
import { headingFromSpec } from "../heading/index.ts";
import { qualifiedClassName } from "../names/index.ts";

/** A table as the database has it, without a definition. A part that has lost its master is used without. */
export function openBinding(
  project: ProjectContext,
  spec: TableSpec,
  tier: Tier,
  lineage: readonly LineageRow[] | undefined,
  master: TableBinding | undefined,
): TableBinding {
  const { schema, name: tableName } = spec;
  const heading = headingFromSpec(spec, lineage, project.registry);
  return {
    project,
    schema,
    className: qualifiedClassName(tableName),
    tableName,
    tier,
    master,
    references: {},
    heading: () => Promise.resolve(heading),
    spec: () => Promise.resolve(spec),
  };
}
