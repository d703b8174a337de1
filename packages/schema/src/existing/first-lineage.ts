import type { Catalog, Executor } from "@mortise/sql";
import { replaceLineageOf } from "../declare/lineage.ts";
import { parentsFirst } from "./parents-first.ts";

/**
 * Writes the lineage of every table of a schema that has kept none: from its first row on, a table without rows could
 * not be joined any more, here and in Python. Parents come first, because a child's lineage is its parent's.
 */
export async function writeFirstLineage(catalog: Catalog, executor: Executor, schema: string): Promise<void> {
  for (const spec of parentsFirst(await catalog.tables(executor, schema)))
    await replaceLineageOf(catalog, executor, spec);
}
