/** Whether a column is part of the key; `?` may be omitted on insert. */
export type Role = "key" | "key?" | "value" | "value?";

/** One column of a heading. */
export interface Column<Fetch = unknown, Insert = unknown, R extends Role = Role> {
  readonly fetch: Fetch;
  readonly insert: Insert;
  readonly role: R;
}

/** The columns of a table opened by name: nothing is known before it is opened. */
export interface AnyHeading {
  readonly [name: string]: Column;
}

declare const headingType: unique symbol;

/** The least that a restriction, a join or a foreign key needs to know: anything with columns. Exists for the type system only. */
export interface Relation<H = unknown> {
  readonly [headingType]: H;
}

/** What a fetch gives for a column. */
export type FetchOf<C> = C extends Column<infer Fetch> ? Fetch : never;
/** What an insert takes for a column. */
export type InsertOf<C> = C extends Column<unknown, infer Insert> ? Insert : never;

/** Names of the key's columns. */
export type KeyNames<H> = {
  [N in keyof H]: H[N] extends Column<unknown, unknown, "key" | "key?"> ? N : never;
}[keyof H];

/** The role from its two halves. */
export type RoleOf<InKey, Optional> = InKey extends true
  ? Optional extends true
    ? "key?"
    : "key"
  : Optional extends true
    ? "value?"
    : "value";
