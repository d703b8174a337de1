import type { DatabaseRow, Statement } from "@mortise/sql";
import { sql } from "kysely";
import { type Block, findColumn } from "./block.ts";
import { fromAndWhere, selectColumns } from "./select.ts";

/** Whether a query can be read page by page: without an order of its own and with a key that can be compared. */
export function canPage(block: Block): boolean {
  return block.order.length === 0 && block.limit === undefined && block.primaryKey.length > 0;
}

/**
 * The next rows by key, after the last one of the page before. Sorted by the stored form of the key, whatever that means
 * for its values: only that sorting and comparing agree matters here. Rows that are written between two pages appear if
 * their key is yet to come.
 */
export function pageStatement(block: Block, last: DatabaseRow | undefined, size: number): Statement {
  const key = block.primaryKey.flatMap((name) => findColumn(block, name) ?? []);
  const columns = sql.join(key.map((column) => column.expression));
  const from = last === undefined ? block : { ...block, where: [...block.where, after(last)] };
  return sql`${selectColumns(block)}${fromAndWhere(from)} ORDER BY ${columns} LIMIT ${sql.lit(size)}`;

  function after(row: DatabaseRow): Statement {
    const values = key.map((column) => sql`${row[column.attribute.name]}`);
    return key.length === 1 ? sql`${columns} > ${values[0]}` : sql`(${columns}) > (${sql.join(values)})`;
  }
}
