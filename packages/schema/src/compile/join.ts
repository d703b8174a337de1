import { sql } from "kysely";
import { invalidQuery } from "../query/errors.ts";
import type { JoinNode } from "../query/node.ts";
import { type Block, columnNames, findColumn, hasComputed, type QueryColumn } from "./block.ts";
import type { Compile } from "./compile-node.ts";
import { derive } from "./derive.ts";
import type { Environment } from "./environment.ts";
import { type CommonColumn, commonColumns } from "./lineage.ts";

/** Rows of both that agree in the common columns. Limited operands become sub-selects: their limit counts first. */
export function compileJoin(node: JoinNode, env: Environment, compile: Compile): Block {
  const left = operand(compile(node.left, env), env);
  const source = operand(compile(node.right, env), env);
  const outer = node.mode === "left";
  // An outer join must see the right side's restriction as part of the operand; and a join in parentheses is not
  // understood alike everywhere.
  const right = source.shape === "join" || (outer && source.where.length > 0) ? derive(source, env) : source;
  const common = commonColumns(left, right, { what: "the join", semanticCheck: node.semanticCheck }, env);
  if (outer && !determines(left, right))
    throw invalidQuery(
      `a left join needs the whole key of the right side (${right.primaryKey.join(", ")}) on the left, which has ${columnNames(left).join(", ")}`,
      "swap the sides, or leave out { left: true }",
    );
  const { columns, primaryKey } = joinedHeading(
    left,
    outer ? { ...right, columns: right.columns.map(nullable) } : right,
  );
  return {
    columns,
    primaryKey,
    hasLineage: left.hasLineage && right.hasLineage,
    from: joined(left, right, common, outer),
    shape: "join",
    alias: undefined,
    where: [...left.where, ...right.where],
    order: [],
    limit: undefined,
    hasText: false,
  };
}

/** What can't share a SELECT with another table: limits, which count first, and SQL whose bare names could become ambiguous. */
function operand(block: Block, env: Environment): Block {
  return block.limit !== undefined || block.hasText || hasComputed(block) ? derive(block, env) : block;
}

/** ON instead of USING: with USING some databases no longer let the columns of one side be named. */
function joined(left: Block, right: Block, common: readonly CommonColumn[], outer: boolean): Block["from"] {
  if (common.length === 0)
    return outer ? sql`${left.from} LEFT JOIN ${right.from} ON 1 = 1` : sql`${left.from} CROSS JOIN ${right.from}`;
  const on = sql.join(
    common.map((pair) => sql`${pair.left.expression} = ${pair.right.expression}`),
    sql` AND `,
  );
  return sql`${left.from} ${sql.raw(outer ? "LEFT JOIN" : "JOIN")} ${right.from} ON ${on}`;
}

/** Whether one side has every key column of the other: its rows then have at most one partner. */
function determines(one: Block, other: Block): boolean {
  return other.primaryKey.every((name) => findColumn(one, name) !== undefined);
}

/** The key of the determining side, whose columns come first; else both keys (relational specification §7.6). */
function joinedHeading(left: Block, right: Block): Pick<Block, "columns" | "primaryKey"> {
  const first = determines(left, right) || !determines(right, left) ? left : right;
  const second = first === left ? right : left;
  // Neither side determines the other: only both keys together tell the rows apart.
  const both = !determines(left, right) && !determines(right, left);
  const primaryKey = both ? [...new Set([...left.primaryKey, ...right.primaryKey])] : first.primaryKey;
  const names = [
    ...primaryKey,
    ...columnNames(first).filter((name) => !primaryKey.includes(name)),
    ...columnNames(second).filter((name) => findColumn(first, name) === undefined && !primaryKey.includes(name)),
  ];
  const columns = names.flatMap((name) => {
    // Of a common column the left one: in an outer join only it is never filled up with null.
    const column = findColumn(left, name) ?? findColumn(right, name);
    if (column === undefined) return [];
    return [{ ...column, attribute: { ...column.attribute, inKey: primaryKey.includes(name) } }];
  });
  return { columns, primaryKey };
}

/** Rows without a partner have null in every column of the right side. */
function nullable(column: QueryColumn): QueryColumn {
  return { ...column, attribute: { ...column.attribute, nullable: true } };
}
