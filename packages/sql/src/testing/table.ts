import type { Database } from "../database.ts";
import { executeAll } from "../execute-all.ts";
import type { ColumnSpec, TableSpec } from "../table-spec.ts";
import { parseColumnType } from "../types/parse.ts";

/** A required column with its type as the marker, as a definition line makes it. */
export function column(name: string, type: string, extra: Partial<ColumnSpec> = {}): ColumnSpec {
  const parsed = parseColumnType(type);
  if (parsed.type === undefined) throw new Error(parsed.problem.message);
  const marker = parsed.type.kind === "core" ? type : undefined;
  return { name, type: parsed.type, marker, comment: "", nullable: false, default: undefined, ...extra };
}

/** A table of schema `lab` whose key is its first column. */
export function table(name: string, columns: readonly ColumnSpec[], extra: Partial<TableSpec> = {}): TableSpec {
  const key = columns[0]?.name ?? "";
  return { schema: "lab", name, comment: "", columns, primaryKey: [key], foreignKeys: [], indexes: [], ...extra };
}

/** Creates tables in one transaction. */
export async function create(database: Database, ...specs: readonly TableSpec[]): Promise<void> {
  await using session = await database.begin();
  for (const spec of specs) await executeAll(session, database.dialect.createTable(spec));
  await session.commit();
}
