import type { Dialect, Statement } from "@mortise/sql";
import { sql } from "kysely";
import type { BlockOrder } from "./block.ts";

/** What ORDER BY says for one column. Nulls come where the database puts them. */
export function orderTerm({ column, descending }: BlockOrder, dialect: Dialect): Statement {
  const value = dialect.comparable(column.attribute.type, column.expression);
  return descending ? sql`${value} DESC` : value;
}
