import { QueryError } from "@mortise/core";
import { type InsertRequest, quoteName, type Statement, type StatementResult, useDefault } from "@mortise/sql";
import { type RawBuilder, sql } from "kysely";
import type { SqliteConnection } from "../connection/connection.ts";
import { TimeSlice } from "../connection/event-loop.ts";
import type { BoundValue } from "../connection/parameters.ts";
import { isPrimaryKeyConflict } from "../errors.ts";
import { quoteNames, quoteTable } from "./names.ts";
import { explainRefusal } from "./refused-row.ts";

type Cell = BoundValue | typeof useDefault;

/** Stands around the rows of one statement, so that they are inserted all or not at all. */
const savepoint = '"insert"';

/**
 * Many rows as one statement. SQLite has no DEFAULT inside VALUES, and a statement with thousands of values takes
 * longer to build and read than one prepared statement that runs once per row; so that is what happens, with one
 * prepared statement for each combination of columns that take their default.
 */
export class InsertStatement implements RawBuilder<unknown> {
  readonly #request: InsertRequest;
  readonly #texts = new Map<string, string>();

  constructor(request: InsertRequest) {
    this.#request = request;
    if (request.rows.some((row) => row.length !== request.columns.length)) {
      throw new QueryError("invalid-query", `a row for ${request.table} has not ${request.columns.length} values`);
    }
  }

  get rowCount(): number {
    return this.#request.rows.length;
  }

  /** All rows or none: inside a transaction the failed rows are undone, the rest of the transaction stays. */
  async run(connection: SqliteConnection, signal: AbortSignal | undefined): Promise<StatementResult> {
    if (this.rowCount === 0) return { rows: [], affected: 0 };
    if (this.rowCount === 1) return { rows: [], affected: this.#insertRow(connection, this.#rows[0] ?? []) };
    connection.run(`SAVEPOINT ${savepoint}`);
    try {
      const affected = await this.#insertRows(connection, signal);
      connection.run(`RELEASE ${savepoint}`);
      return { rows: [], affected };
    } catch (error) {
      if (connection.inTransaction) {
        connection.run(`ROLLBACK TO ${savepoint}`);
        connection.run(`RELEASE ${savepoint}`);
      }
      throw error;
    }
  }

  get #rows(): readonly (readonly Cell[])[] {
    return this.#request.rows as readonly (readonly Cell[])[];
  }

  async #insertRows(connection: SqliteConnection, signal: AbortSignal | undefined): Promise<number> {
    const slice = new TimeSlice();
    let affected = 0;
    for (const row of this.#rows) {
      affected += this.#insertRow(connection, row);
      if (slice.spent()) await slice.rest(signal);
    }
    return affected;
  }

  /** The hot path: 190 000 rows of four columns per second. */
  #insertRow(connection: SqliteConnection, row: readonly Cell[]): number {
    const given = row.includes(useDefault) ? row.filter((cell) => cell !== useDefault) : row;
    refuseNaN(given, this.#request);
    const { statement } = connection.prepare(this.#text(row, given.length));
    try {
      return Number(statement.run(...(given as readonly BoundValue[])).changes);
    } catch (error) {
      // DEFAULT VALUES takes no ON CONFLICT clause, so the conflict itself is the answer.
      const skip =
        given.length === 0 && this.#request.onDuplicate !== undefined && this.#request.onDuplicate !== "error";
      if (skip && isPrimaryKeyConflict(error)) return 0;
      throw explainRefusal(error, connection, { request: this.#request, cells: row });
    }
  }

  /** Cells that take their default are left out of the statement; the pattern of the others names it. */
  #text(row: readonly Cell[], given: number): string {
    const mask = given === row.length ? "" : row.map((cell) => (cell === useDefault ? "0" : "1")).join("");
    const known = this.#texts.get(mask);
    if (known !== undefined) return known;
    const columns = this.#request.columns.filter((_, position) => row[position] !== useDefault);
    const text = insertText(this.#request, columns, `(${columns.map(() => "?").join(", ")})`);
    this.#texts.set(mask, text);
    return text;
  }

  // What follows makes it a fragment of Kysely's, for whoever runs it with `kysely` itself.

  get isRawBuilder(): true {
    return true;
  }

  get expressionType(): unknown {
    return undefined;
  }

  /** One multi-row statement; only without cells that take their default, for which SQLite has no word. */
  #fragment(): RawBuilder<unknown> {
    const { rows, columns } = this.#request;
    if (this.#rows.some((row) => row.includes(useDefault)) || columns.length === 0) {
      throw new QueryError(
        "invalid-query",
        "an insert with defaults runs only through execute() of the database or session",
      );
    }
    const marker = "\0";
    const [head = "", tail = ""] = insertText(this.#request, columns, marker).split(marker);
    return sql`${sql.raw(head)}${sql.join(rows.map((row) => sql`(${sql.join(row)})`))}${sql.raw(tail)}`;
  }

  as(alias: never): never {
    return this.#fragment().as(alias) as never;
  }

  $castTo<C>(): RawBuilder<C> {
    return this.#fragment().$castTo<C>();
  }

  $notNull(): RawBuilder<never> {
    return this.#fragment().$notNull() as RawBuilder<never>;
  }

  withPlugin(...args: Parameters<Statement["withPlugin"]>): RawBuilder<unknown> {
    return this.#fragment().withPlugin(...args);
  }

  compile(...args: Parameters<Statement["compile"]>): ReturnType<Statement["compile"]> {
    return this.#fragment().compile(...args);
  }

  execute(...args: Parameters<Statement["execute"]>): ReturnType<Statement["execute"]> {
    return this.#fragment().execute(...args);
  }

  toOperationNode(): ReturnType<Statement["toOperationNode"]> {
    return this.#fragment().toOperationNode();
  }
}

function insertText(request: InsertRequest, columns: readonly string[], values: string): string {
  const head = `INSERT INTO ${quoteTable(request.schema, request.table)}`;
  if (columns.length === 0) return `${head} DEFAULT VALUES`;
  return `${head} (${quoteNames(columns)}) VALUES ${values}${conflictClause(request)}`;
}

/**
 * Only conflicts of the primary key: a second row with the same unique index is always an error. A cell that takes its
 * default replaces like any other: in `excluded` stands the default of a column that the statement leaves out.
 */
function conflictClause({ onDuplicate, primaryKey, columns }: InsertRequest): string {
  if (onDuplicate === undefined || onDuplicate === "error") return "";
  const target = ` ON CONFLICT (${quoteNames(primaryKey)}) DO`;
  const rest = columns.filter((column) => !primaryKey.includes(column));
  if (onDuplicate === "skip" || rest.length === 0) return `${target} NOTHING`;
  return `${target} UPDATE SET ${rest.map((column) => `${quoteName(column)} = excluded.${quoteName(column)}`).join(", ")}`;
}

/** SQLite would store NULL; the check of values refuses it earlier, so this is the last line. */
function refuseNaN(cells: readonly Cell[], request: InsertRequest): void {
  for (const cell of cells) {
    if (typeof cell === "object" ? cell !== null && !(cell instanceof Uint8Array) : !isBindable(cell)) {
      throw new QueryError("invalid-query", `a value for ${request.table} can't be stored: ${String(cell)}`, {
        hint: "rows must have passed acceptValue and toDatabase",
      });
    }
  }
}

function isBindable(cell: unknown): boolean {
  return typeof cell === "number" ? !Number.isNaN(cell) : typeof cell === "string" || typeof cell === "bigint";
}
