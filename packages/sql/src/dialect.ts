import type { Statement } from "./database.ts";
import type { ColumnSpec, TableSpec } from "./table-spec.ts";
import type { ColumnType } from "./types/column-type.ts";

/** What a database can hold and how much fits into one statement. */
export interface DialectTraits {
  /** False: NaN is refused before anything is sent, because it would be stored as NULL or refused by the server. */
  readonly nan: boolean;
  /** False: refused likewise. */
  readonly infinity: boolean;
  /** Longer names of tables are refused at declaration. */
  readonly maxIdentifierBytes: number;
  /** Bound values of one statement. */
  readonly maxParameters: number;
  /** True: the driver's rows are ordinary objects that nobody else holds, so that a fetch may convert them in place. */
  readonly ownRows?: boolean | undefined;
}

/** What the scalar at a path of a JSON document is compared as. */
export type JsonScalar = "text" | "number" | "boolean";

/** How one database spells what the others spell differently. Pure: no I/O. */
export interface Dialect {
  readonly backend: string;
  readonly traits: DialectTraits;
  /** A quoted reference: `"lab"."subject"`, on SQLite `"lab.subject"`. */
  table(schema: string, name: string): Statement;
  /** Everything that makes the table, in order, to run in one transaction where the database allows it. */
  createTable(spec: TableSpec): readonly Statement[];
  /** Fails where rows of other tables refer to it; its rows in `~lineage` are the caller's. */
  dropTable(spec: TableSpec): readonly Statement[];
  /** Empty where schemas need no statement. */
  createSchema(schema: string): readonly Statement[];
  /** A value already accepted by `acceptValue` as the driver wants it bound. */
  toDatabase(type: ColumnType, value: unknown): unknown;
  /** A driver's value as users see it; never called with null. */
  fromDatabase(type: ColumnType, raw: unknown): unknown;
  /** An `INSERT` of many rows, after whose refusal the transaction goes on without them; a cell that is `useDefault` takes the column's default. `onDuplicate: "skip"` ignores primary key conflicts only. */
  insert(request: InsertRequest): readonly Statement[];
  /**
   * The value at a path inside a json column; NULL where there is none, and where it is JSON's null. Read as a number or
   * boolean it is NULL for values of other kinds, never an error; as text it is a scalar without quotes. Databases whose
   * JSON functions answer with the value's own type need no `as`; without it only NULL is asked for.
   */
  jsonPath(column: Statement, path: readonly (string | number)[], as?: JsonScalar): Statement;
  /**
   * What to compare and order by in place of a column or value of this type: the fragment itself, except where the
   * stored form sorts otherwise (decimals on SQLite are text) or orders otherwise than it compares (enums, which are text
   * here on every database). Use it on both sides of `<`, `>`, BETWEEN and ORDER BY, and on the left of LIKE.
   */
  comparable(type: ColumnType, fragment: Statement): Statement;
  /**
   * A bound value in a comparison, in the form of `toDatabase` or as the driver has delivered it; without a type it
   * stands in SQL of the user's. Only for databases that would take its type wrong from the place where it stands
   * (MySQL compares a decimal with a list of texts as floating-point numbers); default: bound as it is.
   */
  bound?(type: ColumnType | undefined, value: unknown): Statement;
  /**
   * What a fetch selects in place of a column of this type, for drivers that read another form of the same value faster;
   * `fromDatabase` reads it alike. Default: the column.
   */
  selected?(type: ColumnType, column: Statement): Statement;
  /** The column's default as an expression for `UPDATE … SET`: the keyword DEFAULT where the database has it there. */
  defaultValue(column: ColumnSpec): Statement;
}

/** Stands for the column's default in an insert or update. */
export const useDefault: unique symbol = Symbol("DEFAULT");

/** Rows of one table for one INSERT: all of them are stored or none. */
export interface InsertRequest {
  readonly schema: string;
  readonly table: string;
  /** May be empty: a row of nothing but defaults. */
  readonly columns: readonly string[];
  /** What `onDuplicate` looks at; a hidden `_singleton` for tables without a visible key. */
  readonly primaryKey: readonly string[];
  /** Already passed through `toDatabase`. */
  readonly rows: readonly (readonly unknown[])[];
  /** `replace` overwrites the given columns of the row with that key and leaves the others. Default `error`. */
  readonly onDuplicate?: "error" | "skip" | "replace" | undefined;
}
