import { type Combinator, type CombinatorKind, combinatorOf } from "./combinators.ts";
import { invalidRestriction, show } from "./errors.ts";
import { isFragment } from "./fragment.ts";
import { type HasQueryNode, isQuery, queryNode } from "./handle.ts";
import type { Condition, MatchCondition } from "./node.ts";

/**
 * Reads what was given to `where` (relational specification §7.2). Throws `invalid-restriction` for everything that is no
 * condition, so that a mistake never widens a query; names are checked later, against the heading.
 */
export function parseRestriction(value: unknown): Condition {
  if (typeof value === "boolean") return { kind: "constant", value };
  if (typeof value === "string")
    throw invalidRestriction(
      `a restriction can't be the text ${show(value)}`,
      "write where({ name: value }) or, for SQL, where(sql`…`) with ${bound} values",
    );
  if (isQuery(value)) return queryCondition(value, true);
  if (typeof value !== "object" || value === null)
    throw invalidRestriction(
      `a restriction can't be ${show(value)}`,
      "give values by attribute, a table or query, sql`…`, not(…) or a list of these",
    );
  if (Array.isArray(value)) return { kind: "any", members: Array.from(value, parseRestriction) };
  if (isFragment(value)) return { kind: "fragment", fragment: value };
  const combinator = combinatorOf(value);
  if (combinator !== undefined) return parseCombinator(combinator, (value as Combinator).operands);
  return parseMatch(value, false);
}

/** Values by attribute. `forgiving`: names that are no attributes will be ignored. */
export function parseMatch(value: unknown, forgiving: boolean): MatchCondition {
  if (typeof value !== "object" || value === null || !isPlain(value))
    throw invalidRestriction(
      `values by attribute must be a plain object, got ${show(value)}`,
      "an instance of a class would be read by its own fields only",
    );
  const entries = Object.entries(value);
  for (const [name, content] of entries) if (!forgiving) checkContent(name, content);
  return { kind: "match", entries, forgiving };
}

/** `undefined` almost always is a variable that was never set; ignoring it would select every row. */
export function checkContent(name: string, content: unknown): void {
  if (content === undefined)
    throw invalidRestriction(
      `the restriction of ${show(name)} is undefined`,
      "use null for rows without a value, or leave the name out",
    );
  if (Array.isArray(content)) for (const item of content) checkContent(name, item);
}

/** What `not`, `all`, `unchecked` and `universal` have made. */
function parseCombinator(kind: CombinatorKind, operands: readonly unknown[]): Condition {
  if (kind === "not") return { kind: "not", member: parseRestriction(operands[0]) };
  if (kind === "universal") return { kind: "constant", value: true };
  if (kind === "all") return { kind: "all", members: operands.map(parseRestriction) };
  const relation = operands[0];
  if (!isQuery(relation)) throw invalidRestriction(`unchecked() takes a table or query, got ${show(relation)}`);
  return queryCondition(relation, false);
}

function queryCondition(query: HasQueryNode, semanticCheck: boolean): Condition {
  return { kind: "query", node: query[queryNode], semanticCheck };
}

/** An object literal, of this realm or another, or one without a prototype. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
