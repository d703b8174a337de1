import type { FetchOf, InsertOf, Relation } from "./column.ts";
import type { JsonValue } from "./value-types.ts";

/** What databases compare. */
type Scalar = string | number | bigint | boolean | null;

/** Comparisons with one column; several of them must all hold. */
export interface Comparison<V> {
  readonly eq?: V;
  readonly ne?: V;
  readonly lt?: V;
  readonly lte?: V;
  readonly gt?: V;
  readonly gte?: V;
  /** SQL pattern: `%` any text, `_` one character. */
  readonly like?: string;
  readonly in?: readonly V[];
}

/** Columns that can be compared; `unknown` ones are codecs without types. */
type Comparable<H> = {
  [N in keyof H]: unknown extends FetchOf<H[N]> ? never : FetchOf<H[N]> extends Scalar ? N : never;
}[keyof H];

/** JSON columns: not compared as a whole, but by what a path leads to. */
type JsonNames<H> = {
  [N in keyof H]: unknown extends FetchOf<H[N]> ? never : JsonValue extends FetchOf<H[N]> ? N & string : never;
}[keyof H];

/**
 * Values by column; all must hold. A list means *one of*, null means *is null*. JSON columns are addressed by path
 * (`"settings.rate"`); columns of codecs can't be compared. Unknown names and `undefined` throw at run time: a
 * restriction must never vanish.
 */
export type Match<H> = string extends keyof H
  ? Readonly<Record<string, unknown>>
  : NoCondition & {
      readonly [N in Comparable<H>]?: InsertOf<H[N]> | readonly InsertOf<H[N]>[] | Comparison<InsertOf<H[N]>>;
    } & ([JsonNames<H>] extends [never] ? unknown : object & { readonly [P in `${JsonNames<H>}.${string}`]?: Scalar });

/** As every name is optional, a list or the negation of something else would do as well. */
interface NoCondition {
  readonly [Symbol.iterator]?: never;
  readonly [negated]?: never;
}

declare const negated: unique symbol;
declare const restricted: unique symbol;

/** What `not()` makes. Exists for the type system only. */
export interface Not<C = unknown, Names = unknown> {
  readonly [negated]: C;
  /** The columns that it speaks of. Compared by itself: what is in `C` is no fresh literal any more, whose unknown names would be refused. */
  readonly [restricted]: Names;
}

/** The columns that a condition speaks of; what is none, such as a string, has names that no table has. */
export type NamesOf<C> = 0 extends 1 & C
  ? never
  : C extends readonly (infer Each)[]
    ? NamesOf<Each>
    : C extends Not<unknown, infer Names>
      ? Names
      : C extends Relation | SqlFragment
        ? never
        : keyof C;

/** The columns that a condition may speak of. */
type Restrictable<H> = string extends keyof H ? string : Comparable<H> | `${JsonNames<H>}.${string}`;

declare const fragmentType: unique symbol;

/** What the `sql` tag makes: text with bound values. `T` is the type it yields where it is a computed column. */
export interface SqlFragment<T = unknown> {
  readonly [fragmentType]: T;
}

/**
 * One condition: values by column, another table or query (rows that match one of its rows), a negation, an SQL
 * fragment, or a list of these, of which one must hold. A bare string is refused.
 */
export type Restriction<H> =
  | Match<H>
  | Relation
  | Not<Condition<H> | readonly Condition<H>[], Restrictable<H>>
  | SqlFragment
  | readonly Condition<H>[];

/** What a negation or a list may hold: written out once more, because a type that contains itself is never settled. */
type Condition<H> =
  | Match<H>
  | Relation
  | SqlFragment
  | Not<Match<H> | Relation | SqlFragment | readonly Match<H>[], Restrictable<H>>;
