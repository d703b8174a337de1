import { invalidQuery } from "../query/errors.ts";
import { type Block, columnNames, findColumn, isOpaque, type QueryColumn } from "./block.ts";
import type { Environment } from "./environment.ts";

/** A pair of columns of one name. */
export interface CommonColumn {
  readonly left: QueryColumn;
  readonly right: QueryColumn;
}

/**
 * The columns that two queries share by name. With the check on, such a pair must have one origin: two columns that are
 * both called `name` mostly are two different names (relational specification §7.4).
 */
export function commonColumns(
  left: Block,
  right: Block,
  options: { readonly what: string; readonly semanticCheck: boolean },
  env: Environment,
): readonly CommonColumn[] {
  const common = columnNames(left).flatMap((name) => {
    const [a, b] = [findColumn(left, name), findColumn(right, name)];
    return a === undefined || b === undefined ? [] : [{ left: a, right: b }];
  });
  const check = options.semanticCheck && left.hasLineage && right.hasLineage;
  if (options.semanticCheck && !check && common.length > 0)
    env.warn(`${options.what} matches ${names(common)} by name alone: a schema keeps no lineage`);
  for (const pair of common) {
    if (check) checkOrigin(pair, options.what);
    checkComparable(pair, options.what);
  }
  return common;
}

/** Own attributes outside the key have no lineage, hence never match (relational specification §7.4). */
function checkOrigin({ left, right }: CommonColumn, what: string): void {
  const [a, b] = [left.attribute.lineage, right.attribute.lineage];
  if (a !== undefined && a === b) return;
  const { name } = left.attribute;
  if (a === b && left.origin !== undefined && left.origin.binding === right.origin?.binding)
    throw invalidQuery(
      `${what} would match the column ${name}, which is no key of ${left.origin.binding.className}`,
      "match by key: query.proj() has the key alone. Or say that all columns should match: unchecked(query)",
    );
  throw invalidQuery(
    `${what} would match the columns ${name}, which have different origins: ${place(left)} and ${place(right)}`,
    "rename or leave out one with proj, or say that they are the same: unchecked(query)",
  );
}

/** Equality of stored forms is not equality of values: equal arrays may be stored in different places. */
function checkComparable({ left, right }: CommonColumn, what: string): void {
  for (const { attribute } of [left, right])
    if (isOpaque(attribute))
      throw invalidQuery(
        `${what} would compare ${attribute.name}, but ${attribute.declared} can't be compared`,
        "leave it out of one side with proj",
      );
}

/** Where a column comes from, in words that lead to its definition. */
function place({ attribute, origin }: QueryColumn): string {
  if (attribute.lineage !== undefined) return attribute.lineage;
  return origin === undefined ? "a computed column" : `${origin.binding.className}, where it is no key`;
}

function names(common: readonly CommonColumn[]): string {
  return common.map(({ left }) => left.attribute.name).join(", ");
}
