import type { ColumnType } from "./types/column-type.ts";

/** The part of a default that the client decides; `sql` is passed as written (`CURRENT_TIMESTAMP`). */
export type ColumnDefault =
  | { readonly kind: "null" }
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "sql"; readonly text: string };

/** A column, complete: nothing else decides how it is created. */
export interface ColumnSpec {
  /** Names that begin with `_` are hidden from headings; such a column is nullable or has a default. */
  readonly name: string;
  /** The column's own type; for a codec column the final type of its chain. */
  readonly type: ColumnType;
  /** The text between the colons of the comment: `int32`, `<blob@raw>`; undefined for native types without one. */
  readonly marker: string | undefined;
  readonly comment: string;
  readonly nullable: boolean;
  readonly default: ColumnDefault | undefined;
}

/** Always references the whole primary key of the parent, in its order; UPDATE CASCADE, DELETE RESTRICT. */
export interface ForeignKeySpec {
  readonly columns: readonly string[];
  readonly parent: { readonly schema: string; readonly table: string };
  readonly parentColumns: readonly string[];
}

/** An index of the definition. Indexes that a dialect adds for foreign keys are its own business and not read back. */
export interface IndexSpec {
  /** Decides what is a duplicate; several NULLs are none. */
  readonly unique: boolean;
  /** Column names, or expressions as written. */
  readonly items: readonly ({ readonly column: string } | { readonly expression: string })[];
}

/** A table as it is created, and as it is read back from the catalog. */
export interface TableSpec {
  readonly schema: string;
  /** With its tier prefix: `#lookup`, `__computed`, `master__part`. */
  readonly name: string;
  readonly comment: string;
  readonly columns: readonly ColumnSpec[];
  readonly primaryKey: readonly string[];
  readonly foreignKeys: readonly ForeignKeySpec[];
  readonly indexes: readonly IndexSpec[];
  /** Read back only: the storage engine, where it can't roll back (MyISAM). Nothing is written to such a table. */
  readonly noRollback?: string | undefined;
}
