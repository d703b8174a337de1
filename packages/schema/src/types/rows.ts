import type { FetchOf, InsertOf, KeyNames, Relation } from "./column.ts";
import type { Flat } from "./text.ts";

/** Columns without a default. */
type Required<H> = {
  [N in keyof H]: H[N] extends { readonly role: "key" | "value" } ? N : never;
}[keyof H];

/** A fetched row. */
export type FetchRow<H> = { -readonly [N in keyof H]: FetchOf<H[N]> } & {};

/** A row to insert: columns with a default may be missing. */
export type InsertRow<H> = string extends keyof H
  ? Readonly<Record<string, unknown>>
  : Flat<
      { readonly [N in Required<H>]: InsertOf<H[N]> } & {
        readonly [N in Exclude<keyof H, Required<H>>]?: InsertOf<H[N]> | undefined;
      }
    >;

/** The key of one row. */
export type KeyRow<H> = string extends keyof H
  ? Readonly<Record<string, unknown>>
  : { readonly [N in KeyNames<H>]: InsertOf<H[N]> };

/** The key as it is fetched. */
export type FetchKey<H> = string extends keyof H
  ? Readonly<Record<string, unknown>>
  : { [N in KeyNames<H>]: FetchOf<H[N]> };

/** The whole key and the columns to change; `undefined` is refused, because it could mean two things. */
export type PatchRow<H> = string extends keyof H
  ? Readonly<Record<string, unknown>>
  : Flat<
      { readonly [N in KeyNames<H>]: InsertOf<H[N]> } & {
        readonly [N in Exclude<keyof H, KeyNames<H>>]?: InsertOf<H[N]>;
      }
    >;

/**
 * What a fetch of this table or query gives.
 *
 * @example
 * type SessionRow = Row<typeof Session>; // { subject_id: string; session_date: string; notes: string }
 */
export type Row<T> = T extends Relation<infer H> ? FetchRow<H> : never;

/**
 * What an insert into this table takes: columns with a default may be missing.
 *
 * @example
 * const rows: NewRow<typeof Session>[] = files.map(readSession);
 */
export type NewRow<T> = T extends Relation<infer H> ? InsertRow<H> : never;

/** What `updateOne` of this table takes: the whole key, and the columns to change. */
export type RowPatch<T> = T extends Relation<infer H> ? PatchRow<H> : never;
