import type { ProjectContext } from "../context.ts";
import { readSchema } from "./catalog-tables.ts";
import { byClassName } from "./class-names.ts";
import { parentsFirst } from "./parents-first.ts";
import { typesText } from "./types-text.ts";

/** A TypeScript source file with the types of a schema's tables, from the catalog alone. */
export async function generateTypes(project: ProjectContext, schema: string): Promise<string> {
  const { catalog } = await project.database();
  const specs = await readSchema(catalog, await project.executor(), schema);
  return typesText(schema, byClassName(parentsFirst(specs), project));
}
