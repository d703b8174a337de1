import type { AnyHeading, Column, Not, Query, Relation } from "../types/index.ts";
import { combine } from "./combinators.ts";
import { invalidQuery, show } from "./errors.ts";
import { isQuery, queryNode } from "./handle.ts";
import { createQuery } from "./selection.ts";

/** The columns of a heading, all of them key. */
type KeyOf<H, Names> = {
  [N in Names & keyof H]: H[N] extends Column<infer Fetch, infer Insert> ? Column<Fetch, Insert, "key"> : never;
};

/** All combinations of values that columns could have: Python's `U`. */
export interface Universal<Names extends string> extends Not<never, never> {
  /** The combinations that occur in a query, each once; they are the key of the result. */
  of<H>(relation: Relation<H>): Query<string extends keyof H ? AnyHeading : KeyOf<H, Names>>;
}

/**
 * Stands for every value of the named columns. As a condition it restricts nothing; `universal("rig").of(Session)` is
 * the set of rigs in use. Throws `QueryError` `invalid-query` without a name: nothing could be selected.
 *
 * @example
 * const rigs = await universal("rig").of(Session).fetch(); // [{ rig: "r1" }, { rig: "r2" }]
 */
export function universal<const Names extends string>(...names: readonly Names[]): Universal<Names> {
  for (const name of names)
    if (typeof name !== "string") throw invalidQuery(`universal takes names of columns, got ${show(name)}`);
  const of = (relation: unknown): unknown => {
    if (!isQuery(relation)) throw invalidQuery(`universal(…).of takes a table or query, got ${show(relation)}`);
    if (names.length === 0)
      throw invalidQuery("universal() without names has no columns to select", "name one, or use exists()");
    return createQuery({ kind: "distinct", source: relation[queryNode], names: [...new Set(names)] });
  };
  return { ...combine("universal", names), of } as unknown as Universal<Names>;
}
