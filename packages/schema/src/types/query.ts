import type { Heading } from "../heading/heading.ts";
import type { Column, FetchOf, Relation } from "./column.ts";
import type { Join, LeftJoin } from "./join.ts";
import type { Project, ProjectionArgument } from "./projection.ts";
import type { Restriction } from "./restriction.ts";
import type { FetchKey, FetchRow, KeyRow } from "./rows.ts";

/** A column, optionally with its direction; ascending without one. */
export type Order<H> = (keyof H & string) | `${keyof H & string} ${"asc" | "desc"}`;

/** Options of everything that reads. */
export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Options of `stream`. */
export interface StreamRowsOptions extends ReadOptions {
  /** Rows read from the database at a time; default 256. */
  readonly batch?: number | undefined;
}

/** Rows in bounded memory, on a connection of their own. Reading to the end, `break` or disposing returns it. */
export interface RowStream<R> extends AsyncIterable<R>, AsyncDisposable {}

/** How two queries are joined. */
export interface JoinOptions {
  /** Keeps rows of the left side that have no partner; the left side must determine the right one. Default false. */
  readonly left?: boolean | undefined;
  /** False: columns of one name are equated whatever their origin. Default true. */
  readonly semanticCheck?: boolean | undefined;
}

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
  /**
   * Rows for which every condition holds. Unknown attributes, `undefined` and bare strings throw `QueryError`
   * `invalid-restriction`.
   *
   * @example
   * Session.where({ subject_id: "042", session_date: { gte: "2024-01-01" } });
   * Session.where([{ rig: "a" }, { rig: "b" }], not(Excluded)); // (a or b) and not excluded
   * Session.where(sql`length(notes) > ${80}`);
   */
  where(...conditions: readonly Restriction<H>[]): Query<H>;
  /** Python's forgiving rule: of a record that may come from anywhere, names that are no attributes here are ignored. */
  matching(record: Readonly<Record<string, unknown>>): Query<H>;
  /**
   * The key and the columns named; an object renames or computes. The key can be renamed, never left out.
   *
   * @example
   * Session.proj("notes", { day: "session_date", size: sql<number>`length(notes)` });
   */
  proj<const A extends readonly ProjectionArgument<H>[]>(...columns: A): Query<Project<H, A>>;
  /** With `left: true` rows without a partner stay, with null in its columns; the key of this side must determine the other. */
  join<B>(other: Relation<B>, options: JoinOptions & { readonly left: true }): Query<LeftJoin<H, B>>;
  /** Rows of both that agree in every column of the same name; those must have the same origin. */
  join<B>(other: Relation<B>, options?: JoinOptions & { readonly left?: false | undefined }): Query<Join<H, B>>;
  /** Rows have no order of their own: without this, the same query may give them differently each time. */
  orderBy(...order: readonly Order<H>[]): Query<H>;
  /** At most `count` rows, after skipping `offset`. */
  limit(count: number, offset?: number): Query<H>;
  /** The same query with columns under narrower types; nothing is checked at run time. */
  as<T extends { [N in keyof H]?: FetchOf<H[N]> }>(): Query<Narrow<H, T>>;

  /** All rows, in memory; `stream` reads them without. */
  fetch(options?: ReadOptions): Promise<FetchRow<H>[]>;
  /** Exactly one row; else `QueryError` `not-one-row`. */
  fetchOne(options?: ReadOptions): Promise<FetchRow<H>>;
  /** The first row in the query's order; undefined where there is none. */
  fetchFirst(options?: ReadOptions): Promise<FetchRow<H> | undefined>;
  /** The row with this key. */
  get(key: KeyRow<H>, options?: ReadOptions): Promise<FetchRow<H> | undefined>;
  /** The keys of the rows, without reading anything else of them. */
  keys(options?: ReadOptions): Promise<FetchKey<H>[]>;
  /** The number of rows. */
  count(options?: ReadOptions): Promise<number>;
  /** Whether there is a row; reads at most one. */
  exists(options?: ReadOptions): Promise<boolean>;
  /**
   * Rows one by one, while the database delivers them.
   *
   * @example
   * await using rows = Session.orderBy("session_date").stream();
   * for await (const row of rows) console.log(row.session_date);
   */
  stream(options?: StreamRowsOptions): RowStream<FetchRow<H>>;
  /** The columns at run time. Declares the table where it isn't yet. */
  heading(): Promise<Heading>;
}
