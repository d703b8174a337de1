import type { Kysely } from "kysely";
import type { AnyHeading } from "./column.ts";
import type { Checked, HeadingOf } from "./definition-types.ts";
import type { InsertRow } from "./rows.ts";
import type { AnyTable, Master, Table, TableOptions } from "./table.ts";

/** Options of a lookup table. */
export interface LookupOptions<Rows> extends TableOptions {
  /** Rows the table must have: those missing are inserted when it is declared. */
  readonly contents?: readonly Rows[] | undefined;
}

/**
 * Defines a table. The third argument has the tables that `->` lines refer to, by the names they use.
 *
 * @example
 * const Session = lab.manual("Session", `
 *   -> Subject
 *   session_date : date
 *   ---
 *   notes = "" : varchar(400)
 * `, { Subject });
 */
type Define<Codecs> = <const Name extends string, const D extends string, R extends object = {}>(
  name: Name,
  definition: Checked<D, R, Codecs>,
  references?: R,
  options?: TableOptions,
) => Master<HeadingOf<D, R, Codecs>, Codecs, Name>;

/**
 * A set of tables that belong together: a schema of PostgreSQL, a database of MySQL. The defining methods parse and throw
 * `DefinitionError` with line and column, without I/O; a table is declared at its first use.
 */
export interface Schema<Codecs> {
  readonly name: string;
  /** Entered by people or programs. */
  readonly manual: Define<Codecs>;
  /** Fixed contents that belong to the code. */
  lookup<const Name extends string, const D extends string, R extends object = {}>(
    name: Name,
    definition: Checked<D, R, Codecs>,
    references?: R,
    options?: LookupOptions<NoInfer<InsertRow<HeadingOf<D, R, Codecs>>>>,
  ): Master<HeadingOf<D, R, Codecs>, Codecs, Name>;
  /** Computed from data outside the database; its key comes from foreign keys alone. */
  readonly imported: Define<Codecs>;
  /** Computed from other tables; its key comes from foreign keys alone. */
  readonly computed: Define<Codecs>;
  /** Opens an existing table by its class name (`Session`, `Session.Trial`) or table name (`#param`). Throws `QueryError` `missing-table`. */
  table<H = AnyHeading>(name: string): Promise<Table<H>>;
  /** Declares everything defined so far, parents first. */
  declare(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /** Names of the tables in the database, parts included, hidden ones not. */
  tableNames(): Promise<readonly string[]>;
  /**
   * Every table in the database by its class name (`Session`, `Session.Trial`), parents first; those defined here are the
   * objects that the definition gave. Tables that no class can stand for are left out.
   *
   * @example
   * for (const [name, table] of await lab.tables()) console.log(name, await table.count());
   */
  tables(): Promise<ReadonlyMap<string, Table<AnyHeading>>>;
  /**
   * The definition of a table in the database: declared elsewhere, it makes the same table. What the definition language
   * can't say of a table that others have made stands in comments. Throws `QueryError` `missing-table`.
   */
  describe(table: string | AnyTable): Promise<string>;
  /**
   * A TypeScript source file with the types of the tables in the database, for `table<…>()`.
   *
   * @example
   * await writeFile("src/lab.ts", await lab.generateTypes());
   * // import type { Session } from "./lab.ts"; const sessions = await lab.table<Session.Heading>("Session");
   */
  generateTypes(): Promise<string>;
  /**
   * The escape hatch: a query builder on this schema's tables, on connections of its own. Throws `TransactionError`
   * `nested` inside a transaction, whose rows it would not see and whose lock it would wait for.
   */
  kysely(): Promise<Kysely<Record<string, Record<string, unknown>>>>;
}
