import type { Statement } from "@mortise/sql";
import { sql } from "kysely";
import type { Condition } from "../query/node.ts";
import { type Block, hasComputed } from "./block.ts";
import type { Compile } from "./compile-node.ts";
import { derive } from "./derive.ts";
import type { Environment } from "./environment.ts";
import { commonColumns } from "./lineage.ts";
import { fromAndWhere } from "./select.ts";

/**
 * Rows that agree with a row of the other query in all common columns; without any, all rows if the other has one. The
 * negation keeps every other row: `IS NOT TRUE` reads a comparison with null as *no match*, where NOT IN would lose rows.
 */
export function compileSemiJoin(
  condition: Extract<Condition, { readonly kind: "query" }>,
  negated: boolean,
  left: Block,
  env: Environment,
  compile: Compile,
): Statement {
  const source = compile(condition.node, env);
  const right = source.limit !== undefined || hasComputed(source) ? derive(source, env) : source;
  const options = { what: "the restriction by a query", semanticCheck: condition.semanticCheck };
  const common = commonColumns(left, right, options, env);
  if (common.length === 0) {
    const exists = sql`EXISTS (SELECT 1${fromAndWhere(right)})`;
    return negated ? sql`NOT ${exists}` : exists;
  }
  const columns = sql.join(common.map((pair) => pair.left.expression));
  const rows = sql`SELECT ${sql.join(common.map((pair) => pair.right.expression))}${fromAndWhere(right)}`;
  const matched = common.length === 1 ? sql`${columns} IN (${rows})` : sql`(${columns}) IN (${rows})`;
  return negated ? sql`(${matched}) IS NOT TRUE` : matched;
}
