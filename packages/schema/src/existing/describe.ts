import type { ProjectContext } from "../context.ts";
import { readParents } from "./catalog-tables.ts";
import { definitionText } from "./definition-text.ts";
import { findTableName, missingTable } from "./open-table.ts";

/** The definition of a table in the database, from the catalog alone. Throws `QueryError` `missing-table`. */
export async function describeTable(project: ProjectContext, schema: string, name: string): Promise<string> {
  const { catalog } = await project.database();
  const executor = await project.executor();
  const tableName = await findTableName(project, schema, name);
  const [spec] = await catalog.tables(executor, schema, [tableName]);
  if (spec === undefined) throw missingTable(schema, name, []);
  return definitionText(spec, await readParents(catalog, executor, [spec]));
}
