import type { Heading } from "../heading/heading.ts";
import type { Column, FetchOf, Relation } from "./column.ts";
import type { Join } from "./join.ts";
import type { Project, ProjectionArgument } from "./projection.ts";
import type { Restriction } from "./restriction.ts";
import type { FetchKey, FetchRow, KeyRow } from "./rows.ts";

/** A column, optionally with its direction; ascending without one. */
export type Order<H> = (keyof H & string) | `${keyof H & string} ${"asc" | "desc"}`;

/** Options of everything that reads. */
export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface StreamRowsOptions extends ReadOptions {
  /** Rows read from the database at a time; default 256. */
  readonly batch?: number | undefined;
}

/** Rows in bounded memory, on a connection of their own. Reading to the end, `break` or disposing returns it. */
export interface RowStream<R> extends AsyncIterable<R>, AsyncDisposable {}

/** Columns under narrower types than their codecs have. */
export type Narrow<H, T> = {
  [N in keyof H]: N extends keyof T
    ? Column<T[N], T[N], H[N] extends Column<unknown, unknown, infer R> ? R : never>
    : H[N];
};

/**
 * A question to the database, asked by `fetch` and its siblings. Immutable: every method returns another query. Never
 * thenable, so that `await query` can't run one by accident.
 */
export interface Query<H> extends Relation<H>, AsyncIterable<FetchRow<H>> {
  /** Rows for which every condition holds. Unknown attributes, `undefined` and bare strings throw `QueryError` `invalid-restriction`. */
  where(...conditions: readonly Restriction<H>[]): Query<H>;
  /** Python's forgiving rule: of a record that may come from anywhere, names that are no attributes here are ignored. */
  matching(record: Readonly<Record<string, unknown>>): Query<H>;
  /** The key and the columns named; `{ b: "a" }` renames `a` to `b`, `{ n: sql… }` computes. */
  proj<const A extends readonly ProjectionArgument<H>[]>(...columns: A): Query<Project<H, A>>;
  /** Rows of both that agree in every column of the same name; those must have the same origin. */
  join<B>(other: Relation<B>): Query<Join<H, B>>;
  orderBy(...order: readonly Order<H>[]): Query<H>;
  /** At most `count` rows, after skipping `offset`. */
  limit(count: number, offset?: number): Query<H>;
  /** The same query with columns under narrower types; nothing is checked at run time. */
  as<T extends { [N in keyof H]?: FetchOf<H[N]> }>(): Query<Narrow<H, T>>;

  fetch(options?: ReadOptions): Promise<FetchRow<H>[]>;
  /** Exactly one row; else `QueryError` `not-one-row`. */
  fetchOne(options?: ReadOptions): Promise<FetchRow<H>>;
  fetchFirst(options?: ReadOptions): Promise<FetchRow<H> | undefined>;
  /** The row with this key. */
  get(key: KeyRow<H>, options?: ReadOptions): Promise<FetchRow<H> | undefined>;
  keys(options?: ReadOptions): Promise<FetchKey<H>[]>;
  count(options?: ReadOptions): Promise<number>;
  exists(options?: ReadOptions): Promise<boolean>;
  stream(options?: StreamRowsOptions): RowStream<FetchRow<H>>;
  /** The columns at run time. Declares the table where it isn't yet. */
  heading(): Promise<Heading>;
}
