import type { NamesOf, Not, Relation } from "../types/index.ts";

const combinatorBrand: unique symbol = Symbol.for("mortise.combinator.v1");

/** What a combinator does with its operands. */
export type CombinatorKind = "not" | "all" | "unchecked" | "universal";

/** A condition made of conditions; read by `parseRestriction`. */
export interface Combinator {
  readonly [combinatorBrand]: CombinatorKind;
  readonly operands: readonly unknown[];
}

/**
 * Rows for which the whole condition is false: `not({ a: 1, b: 2 })` leaves rows that differ in a or in b. As in SQL, a
 * comparison with a column that is null is neither true nor false, so such rows satisfy neither it nor its negation.
 * The negation of a query keeps every row without a match, those with null included.
 *
 * @example
 * Session.where(not({ rig: "r1" }));        // of another rig
 * Subject.where(not(Session));              // without a session
 * Trial.where({ rt: { gt: 1 } }, not(Bad)); // several arguments must all hold
 */
export function not<const C>(condition: C): Not<C, NamesOf<C>> {
  return combine("not", [condition]) as unknown as Not<C, NamesOf<C>>;
}

/**
 * All conditions together, where one is expected. Without any: always true.
 *
 * @example
 * Session.where(not(all({ rig: "r1" }, sql`score > ${limit}`)));
 */
export function all<const C extends readonly unknown[]>(...conditions: C): Not<C[number], NamesOf<C>> {
  return combine("all", conditions) as unknown as Not<C[number], NamesOf<C>>;
}

/**
 * A table or query that is matched by column names alone: columns of one name may come from different origins. Without
 * it such a pair is an error, because two columns that are both called `name` mostly name different things.
 *
 * @example
 * Subject.where(unchecked(ImportedSubject.proj("name")));
 */
export function unchecked(relation: Relation): Relation {
  return combine("unchecked", [relation]) as unknown as Relation;
}

/** Marks what `parseRestriction` will read. */
export function combine(kind: CombinatorKind, operands: readonly unknown[]): Combinator {
  return { [combinatorBrand]: kind, operands };
}

/** Which combinator this is; undefined for anything else. */
export function combinatorOf(value: object): CombinatorKind | undefined {
  return (value as Partial<Combinator>)[combinatorBrand];
}
