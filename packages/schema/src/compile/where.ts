import type { Statement } from "@mortise/sql";
import { sql } from "kysely";
import type { Condition, WhereNode } from "../query/node.ts";
import { acceptsText, type Block, hasComputed } from "./block.ts";
import { combineAll } from "./combine.ts";
import type { Compile } from "./compile-node.ts";
import { derive } from "./derive.ts";
import type { Environment } from "./environment.ts";
import { compileFragment } from "./fragment.ts";
import { compileMatch } from "./match.ts";
import { compileSemiJoin } from "./semi-join.ts";
import { compileTuples, uniformTuples } from "./tuples.ts";

/** Adds the conditions to WHERE; after a limit, or where user-written SQL could not name every column, in a sub-select. */
export function compileWhere(node: WhereNode, env: Environment, compile: Compile): Block {
  const source = compile(node.source, env);
  const text = node.conditions.some(usesText);
  const wrap = source.limit !== undefined || hasComputed(source) || (text && !acceptsText(source));
  const block = wrap ? derive(source, env) : source;
  const condition = compileCondition({ kind: "all", members: node.conditions }, false, { block, env, compile });
  if (condition === true) return block;
  return {
    ...block,
    where: [...block.where, condition === false ? sql`1 = 0` : condition],
    hasText: block.hasText || text,
  };
}

interface Scope {
  readonly block: Block;
  readonly env: Environment;
  readonly compile: Compile;
}

/**
 * A condition or its negation; constants are folded. Negation moves inwards (the negation of *all* is *any* of the
 * negations), so that a semi-join is never null under a NOT.
 */
function compileCondition(condition: Condition, negated: boolean, scope: Scope): Statement | boolean {
  switch (condition.kind) {
    case "constant":
      return condition.value !== negated;
    case "not":
      return compileCondition(condition.member, !negated, scope);
    case "all":
    case "any":
      return compileMembers(condition, negated, scope);
    case "match": {
      const match = compileMatch(condition, scope.block, scope.env);
      if (typeof match === "boolean") return match !== negated;
      return negated ? sql`NOT (${match})` : match;
    }
    case "query":
      return compileSemiJoin(condition, negated, scope.block, scope.env, scope.compile);
    default: {
      const text = compileFragment(condition.fragment, scope.block, scope.env);
      return negated ? sql`NOT (${text})` : sql`(${text})`;
    }
  }
}

function compileMembers(
  condition: Extract<Condition, { readonly kind: "all" | "any" }>,
  negated: boolean,
  scope: Scope,
): Statement | boolean {
  const isAll = (condition.kind === "all") !== negated;
  const tuples = condition.kind === "any" ? uniformTuples(condition.members, scope.block) : undefined;
  if (tuples !== undefined) return compileTuples(tuples, negated, scope.env);
  const parts: Statement[] = [];
  // Every member is compiled, whatever the others are: a wrong name must not go unnoticed beside a constant.
  let decided: boolean | undefined;
  for (const member of condition.members) {
    const part = compileCondition(member, negated, scope);
    if (typeof part !== "boolean") parts.push(part);
    else if (part !== isAll) decided = part;
  }
  if (decided !== undefined) return decided;
  return parts.length === 0 ? isAll : combineAll(parts, isAll ? " AND " : " OR ");
}

/** Whether user-written SQL stands anywhere inside: its names must keep meaning what they do in this FROM. */
function usesText(condition: Condition): boolean {
  if (condition.kind === "fragment") return true;
  if (condition.kind === "not") return usesText(condition.member);
  return (condition.kind === "all" || condition.kind === "any") && condition.members.some(usesText);
}
