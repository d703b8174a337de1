import type { Statement } from "@mortise/sql";
import { sql } from "kysely";
import type { Block, QueryColumn } from "./block.ts";
import type { Environment } from "./environment.ts";
import { orderTerm } from "./order-term.ts";

/** MySQL and SQLite know no OFFSET without LIMIT; every database accepts this one. */
const noLimit = Number.MAX_SAFE_INTEGER;

const nothing: Statement = sql``;

/** The rows with the columns of the heading, in order. */
export function selectStatement(block: Block, env: Environment): Statement {
  return sql`${selectColumns(block)}${tail(block, env)}`;
}

/** The same rows for a driver to read, with each column in the form that it reads best. */
export function fetchStatement(block: Block, env: Environment): Statement {
  const { dialect } = env;
  const read = ({ origin, attribute, expression }: QueryColumn): Statement =>
    origin === undefined ? expression : (dialect.selected?.(attribute.type, expression) ?? expression);
  return sql`${selectColumns(block, read)}${tail(block, env)}`;
}

/** `SELECT …` without FROM. */
export function selectColumns(block: Block, read = ({ expression }: QueryColumn): Statement => expression): Statement {
  const columns = block.columns.map((column) => sql`${read(column)} AS ${sql.id(column.attribute.name)}`);
  // A table whose key is hidden can be asked for no column at all, but no database selects nothing.
  return sql`SELECT ${columns.length === 0 ? sql`1 AS ${sql.id("~row")}` : sql.join(columns)}`;
}

/** How many rows the block has. Keys are never projected away, so that rows are distinct. */
export function countStatement(block: Block, env: Environment): Statement {
  const counted = block.limit === undefined ? fromAndWhere(block) : sql` FROM (${selectStatement(block, env)}) AS t`;
  return sql`SELECT count(*) AS ${sql.id("n")}${counted}`;
}

/** One row with one column `n`, if the block has rows, else none. */
export function existsStatement(block: Block, env: Environment): Statement {
  const rows = block.limit === undefined ? fromAndWhere(block) : sql` FROM (${selectStatement(block, env)}) AS t`;
  return sql`SELECT 1 AS ${sql.id("n")}${rows} LIMIT 1`;
}

/** FROM and WHERE, with a leading blank. */
export function fromAndWhere(block: Block): Statement {
  return sql` FROM ${block.from}${whereClause(block.where)}`;
}

/** Empty where there is nothing to say. */
export function whereClause(conditions: readonly Statement[]): Statement {
  if (conditions.length === 0) return nothing;
  return sql` WHERE ${sql.join(
    conditions.map((condition) => sql`(${condition})`),
    sql` AND `,
  )}`;
}

function tail(block: Block, env: Environment): Statement {
  const order = block.order.map((term) => orderTerm(term, env.dialect));
  const ordered = order.length === 0 ? nothing : sql` ORDER BY ${sql.join(order)}`;
  return sql`${fromAndWhere(block)}${ordered}${limitClause(block)}`;
}

// Whole numbers checked when the query was built: as literals they count as no bound value.
function limitClause({ limit }: Block): Statement {
  if (limit === undefined) return nothing;
  const count = sql` LIMIT ${sql.lit(limit.count ?? noLimit)}`;
  return limit.offset === 0 ? count : sql`${count} OFFSET ${sql.lit(limit.offset)}`;
}
