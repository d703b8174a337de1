import type { Progress } from "@mortise/core";
import type { FetchOf, Relation } from "./column.ts";
import type { Checked, HeadingOf } from "./definition-types.ts";
import type { Narrow, Query } from "./query.ts";
import type { Restriction } from "./restriction.ts";
import type { InsertRow, PatchRow } from "./rows.ts";

/** Options of a table's definition. */
export interface TableOptions {
  /** Uses a table that exists already although its columns differ from the definition. */
  readonly adopt?: boolean | undefined;
}

/** Options of `insert` and `insertOne`. */
export interface InsertOptions {
  /** Rows whose key is already there are left out, before anything of theirs is uploaded. */
  readonly skipDuplicates?: boolean | undefined;
  /** An existing row of the same key gets the values of the new one. Not together with `skipDuplicates`. */
  readonly replace?: boolean | undefined;
  /** Lets rows into imported and computed tables, which otherwise only their computation fills. */
  readonly allowDirectInsert?: boolean | undefined;
  /** One transaction for an iterable too. Arrays always are one. */
  readonly atomic?: boolean | undefined;
  /** Fields that are no attributes are dropped instead of refused. */
  readonly ignoreExtraFields?: boolean | undefined;
  /** Rows per transaction of an iterable; default 1 000, or 64 MiB if that is reached first. */
  readonly batch?: number | undefined;
  /** Bytes uploaded so far, over all objects. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What an insert has done. */
export interface InsertSummary {
  /** Rows. */
  readonly inserted: number;
  /** Rows left out by `skipDuplicates`. */
  readonly skipped: number;
  /** Objects written. */
  readonly uploaded: number;
  /** Objects that were there already. */
  readonly deduplicated: number;
  /** Bytes uploaded. */
  readonly bytes: number;
}

/** Options of `delete`. */
export interface DeleteOptions {
  /** Required to delete every row of a table: a forgotten `where` must not. */
  readonly all?: boolean | undefined;
  /**
   * Rows of a part whose master stays. `enforce` (default): an error and nothing is deleted. `ignore`: they go alone.
   * `cascade`: their master and all that depends on it go too.
   */
  readonly parts?: "enforce" | "ignore" | "cascade" | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Options of `drop`. */
export interface DropOptions {
  /** Drops the tables that depend on this one as well; without it they are an error that lists them. */
  readonly dependents?: boolean | undefined;
  /** Lets a part be dropped without its master. */
  readonly parts?: "enforce" | "ignore" | undefined;
}

/** The rows that a restriction leaves, with what can be done to them: `Table.where(…)`. */
export interface Selection<H> extends Query<H> {
  where(...conditions: readonly Restriction<H>[]): Selection<H>;
  matching(record: Readonly<Record<string, unknown>>): Selection<H>;
  /** Deletes these rows and all that depend on them, in one transaction; returns how many of these rows there were. */
  delete(options?: DeleteOptions): Promise<number>;
}

/** A table: a query of all its rows that can also be written. Declared at its first use. */
export interface Table<H> extends Selection<H> {
  /** The class name; `Session.Trial` for a part. */
  readonly name: string;
  readonly schemaName: string;
  /** In the database: `session`, `#param`, `session__trial`. */
  readonly tableName: string;
  /**
   * Inserts rows and uploads what belongs to them. An array is one transaction, all or nothing; an iterable commits
   * batch by batch, and a failure reports how many rows are in. Values are checked before anything is written.
   */
  insert(rows: Iterable<InsertRow<H>> | AsyncIterable<InsertRow<H>>, options?: InsertOptions): Promise<InsertSummary>;
  /** One row, in a transaction of its own. */
  insertOne(row: InsertRow<H>, options?: InsertOptions): Promise<InsertSummary>;
  /** Changes columns outside the key of exactly one row. */
  updateOne(row: PatchRow<H>, options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /** Drops the table with its rows. */
  drop(options?: DropOptions): Promise<void>;
  /**
   * The same table with columns under narrower types than their codecs have; nothing is checked at run time.
   *
   * @example
   * const Traces = Recording.as<{ trace: Float32Array }>();
   */
  as<T extends { [N in keyof H]?: FetchOf<H[N]> }>(): Table<Narrow<H, T>>;
}

/** Any table, for lists of tables and generic tools. */
export interface AnyTable extends Relation {
  readonly name: string;
  readonly schemaName: string;
  readonly tableName: string;
}

/** How the definition of a part may call its master. */
type MasterReferences<H, Name extends string> = { readonly [N in Name | "master"]: Relation<H> };

/** A table that may have parts: tables whose rows belong to its rows and come and go with them. */
export interface Master<H, Codecs, Name extends string = string> extends Table<H> {
  /** Defines a part; its definition refers to the master as `-> master`. Throws `DefinitionError`. No I/O. */
  part<const D extends string, R extends object = {}>(
    name: string,
    definition: Checked<D, R & MasterReferences<H, Name>, Codecs>,
    references?: R,
    options?: TableOptions,
  ): Table<HeadingOf<D, R & MasterReferences<H, Name>, Codecs>>;
  as<T extends { [N in keyof H]?: FetchOf<H[N]> }>(): Master<Narrow<H, T>, Codecs, Name>;
}
