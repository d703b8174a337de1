import type { DatabaseRow, Dialect, Statement } from "@mortise/sql";
import { sql } from "kysely";
import { type Block, findColumn } from "./block.ts";
import { fromAndWhere, selectColumns } from "./select.ts";
import { bindAs } from "./values.ts";

/**
 * Whether a query can be read page by page: without an order of its own and with a key that can be compared. Nothing
 * comes after null, which combinations of values may have in their key.
 */
export function canPage(block: Block): boolean {
  return (
    block.order.length === 0 &&
    block.limit === undefined &&
    block.primaryKey.length > 0 &&
    block.primaryKey.every((name) => findColumn(block, name)?.attribute.nullable === false)
  );
}

/**
 * The next rows by key, after the last one of the page before. What order that is does not matter here, only that
 * sorting and comparing agree. Rows that are written between two pages appear if their key is yet to come.
 */
export function pageStatement(block: Block, last: DatabaseRow | undefined, size: number, dialect: Dialect): Statement {
  const key = block.primaryKey.flatMap((name) => findColumn(block, name) ?? []);
  const columns = sql.join(key.map(({ attribute, expression }) => dialect.comparable(attribute.type, expression)));
  const from = last === undefined ? block : { ...block, where: [...block.where, after(last)] };
  return sql`${selectColumns(block)}${fromAndWhere(from)} ORDER BY ${columns} LIMIT ${sql.lit(size)}`;

  function after(row: DatabaseRow): Statement {
    const values = key.map(({ attribute: { name, type } }) =>
      dialect.comparable(type, bindAs(type, row[name], dialect)),
    );
    return key.length === 1 ? sql`${columns} > ${values[0]}` : sql`(${columns}) > (${sql.join(values)})`;
  }
}
