import { type Catalog, type Executor, type TableSpec, tableKey } from "@mortise/sql";

/** The tables that a table refers to, by `schema.table`, in whatever schema they are; those that this user can see. */
export async function readParents(
  catalog: Catalog,
  executor: Executor,
  specs: readonly TableSpec[],
): Promise<ReadonlyMap<string, TableSpec>> {
  const parents = specs.flatMap(({ foreignKeys }) => foreignKeys.map(({ parent }) => parent));
  const found = new Map<string, TableSpec>();
  for (const [schema, tables] of Map.groupBy(parents, (parent) => parent.schema)) {
    const names = [...new Set(tables.map(({ table }) => table))];
    for (const spec of await catalog.tables(executor, schema, names)) {
      found.set(tableKey({ schema, table: spec.name }), spec);
    }
  }
  return found;
}

/** All tables of a schema; none where there is no such schema. */
export async function readSchema(catalog: Catalog, executor: Executor, schema: string): Promise<readonly TableSpec[]> {
  const schemas = await catalog.schemas(executor);
  return schemas.includes(schema) ? await catalog.tables(executor, schema) : [];
}
