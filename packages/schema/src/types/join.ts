import type { Column, KeyNames } from "./column.ts";

/** A column in the key of a result, whatever it was before; inserting is no question any more. */
type AsKey<C> = C extends Column<infer Fetch, infer Insert> ? Column<Fetch, Insert, "key"> : never;
/** The same outside the key. */
type AsValue<C> = C extends Column<infer Fetch, infer Insert> ? Column<Fetch, Insert, "value"> : never;

/** The key of one side where it determines the other; else both together. */
type JoinKey<A, B> = [KeyNames<B>] extends [keyof A]
  ? KeyNames<A>
  : [KeyNames<A>] extends [keyof B]
    ? KeyNames<B>
    : KeyNames<A> | KeyNames<B>;

/** Of columns on both sides the left one counts: they are equal in every row. */
type Merge<A, B, Key> = {
  [N in keyof A | keyof B]: N extends Key
    ? AsKey<N extends keyof A ? A[N] : N extends keyof B ? B[N] : never>
    : AsValue<N extends keyof A ? A[N] : N extends keyof B ? B[N] : never>;
};

/** Rows without a partner have null in its columns. */
type Optional<A, B> = {
  [N in keyof B]: N extends keyof A
    ? B[N]
    : B[N] extends Column<infer Fetch, infer Insert>
      ? Column<Fetch | null, Insert | null, "value">
      : never;
};

/** The heading of `a.join(b, { left: true })`. */
export type LeftJoin<A, B> = Merge<A, Optional<A, B>, KeyNames<A>>;

/** The heading of `a.join(b)`. */
export type Join<A, B> = Merge<A, B, JoinKey<A, B>>;
