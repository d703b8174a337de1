import type { Executor, ForeignKeyEdge } from "@mortise/sql";
import { sql } from "kysely";
import { splitName } from "../dialect/names.ts";

interface ForeignKeyRow {
  readonly child: string;
  readonly id: number;
  readonly parent: string;
  readonly child_column: string;
  readonly parent_column: string;
}

/** Which foreign keys to read: those of some tables, or those that lead into some schemas. */
export type ForeignKeyFilter = { readonly children: readonly string[] } | { readonly parentSchemas: readonly string[] };

/** Foreign keys as SQLite has them, in the order of their declaration (SQLite counts them backwards). */
export async function readForeignKeys(
  executor: Executor,
  filter: ForeignKeyFilter,
): Promise<readonly ForeignKeyEdge[]> {
  const condition =
    "children" in filter
      ? sql`m.name in (select value from json_each(${JSON.stringify(filter.children)}))`
      : sql`exists (select 1 from json_each(${JSON.stringify(filter.parentSchemas)})
          where substr(f."table", 1, length(value) + 1) = value || '.'
            and instr(substr(f."table", length(value) + 2), '.') = 0)`;
  const { rows } = await executor.execute<ForeignKeyRow>(sql`
    select m.name as child, f.id, f."table" as parent, f."from" as child_column, f."to" as parent_column
    from sqlite_schema m join pragma_foreign_key_list(m.name) f
    where m.type = 'table' and ${condition}
    order by m.name, f.id desc, f.seq`);
  return [...Map.groupBy(rows, (row) => `${row.id} ${row.child}`).values()].map(edge);
}

function edge(rows: readonly ForeignKeyRow[]): ForeignKeyEdge {
  return {
    child: splitName(rows[0]?.child ?? ""),
    parent: splitName(rows[0]?.parent ?? ""),
    columns: rows.map((row) => [row.child_column, row.parent_column] as const),
  };
}
