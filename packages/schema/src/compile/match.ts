import type { Statement } from "@mortise/sql";
import { sql } from "kysely";
import { invalidRestriction, show } from "../query/errors.ts";
import type { MatchCondition } from "../query/node.ts";
import { checkContent } from "../query/parse-restriction.ts";
import { type Block, columnNames, findColumn, isCoded, type QueryColumn } from "./block.ts";
import { combineAll } from "./combine.ts";
import { compileComparison, nullTest, oneOf, sideOf } from "./comparison.ts";
import type { Environment } from "./environment.ts";
import { jsonPathColumn } from "./json-path.ts";
import { unknownInRestriction } from "./names.ts";
import { isScalar, toBound } from "./values.ts";

/** All entries together; `true` where none is left, `false` where one can never hold. */
export function compileMatch(match: MatchCondition, block: Block, env: Environment): Statement | boolean {
  const parts: Statement[] = [];
  let possible = true;
  for (const [name, content] of match.entries) {
    const column = resolve(name, block, env);
    if (column === undefined) {
      if (match.forgiving) continue;
      throw unknownInRestriction(name, columnNames(block), "matching(record) ignores names that are no attributes");
    }
    checkContent(name, content);
    const part = compileEntry(column, name, content, env);
    if (typeof part !== "boolean") parts.push(part);
    else if (!part) possible = false;
  }
  if (!possible) return false;
  return parts.length === 0 ? true : combineAll(parts, " AND ");
}

/** A column, or a path into a JSON column: `meta.b.c`, `meta.a:unsigned`. */
function resolve(name: string, block: Block, env: Environment): QueryColumn | undefined {
  const column = findColumn(block, name);
  if (column !== undefined) return column;
  const dot = name.search(/[.[]/);
  const base = dot > 0 ? findColumn(block, name.slice(0, dot)) : undefined;
  return base === undefined ? undefined : jsonPathColumn(base, name, dot, env);
}

/** One attribute with what was given for it: null, a value, a list or comparisons. */
function compileEntry(column: QueryColumn, name: string, content: unknown, env: Environment): Statement | boolean {
  const { attribute } = column;
  if (content === null) return nullTest(column, true);
  if (isCoded(attribute))
    throw invalidRestriction(
      `${show(name)} can't be compared: ${attribute.declared} is stored by a codec`,
      "restrict by the key; only null can be asked of such a column",
    );
  if (attribute.type.name === "json")
    throw invalidRestriction(
      `${show(name)} can't be compared as a whole: it is json`,
      `name a value inside it: where({ "${name}.path.to.value": … })`,
    );
  if (Array.isArray(content)) return oneOf(column, content, env);
  if (!isScalar(content)) return compileComparison(column, name, content as object, env);
  return sql`${sideOf(column, content)} = ${toBound(attribute, content, env)}`;
}
