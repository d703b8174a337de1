import {
  type Catalog,
  type Executor,
  type LineageRow,
  lineageOf,
  type ParentLineage,
  type TableSpec,
} from "@mortise/sql";

/** Writes the rows of a table that is about to be created, and of those beside it where the schema has kept none. */
export async function writeLineage(catalog: Catalog, executor: Executor, spec: TableSpec): Promise<void> {
  if ((await catalog.lineage(executor, spec.schema)) === undefined) {
    const { writeFirstLineage } = await import("../existing/first-lineage.ts");
    await writeFirstLineage(catalog, executor, spec.schema);
  }
  await replaceLineageOf(catalog, executor, spec);
}

/** Replaces the rows of one table by those that its keys and its parents' rows give. */
export async function replaceLineageOf(
  catalog: Catalog,
  executor: Executor,
  spec: TableSpec,
): Promise<readonly LineageRow[]> {
  const rows = lineageOf(spec, await parentLineage(catalog, executor, spec));
  await catalog.replaceLineage(executor, spec.schema, spec.name, rows);
  return rows;
}

/** Reads each schema's lineage once, that of the table's own schema included where a parent stands there. */
async function parentLineage(catalog: Catalog, executor: Executor, spec: TableSpec): Promise<ParentLineage> {
  const known = new Map<string, string>();
  for (const schema of new Set(spec.foreignKeys.map(({ parent }) => parent.schema))) {
    for (const row of (await catalog.lineage(executor, schema)) ?? []) {
      known.set(`${schema}.${row.table}.${row.attribute}`, row.lineage);
    }
  }
  return (schema, table, attribute) => known.get(`${schema}.${table}.${attribute}`);
}
