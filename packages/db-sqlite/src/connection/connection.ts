import type { DatabaseSync } from "node:sqlite";
import type { ExecuteOptions, StatementResult } from "@mortise/sql";
import { translate } from "../errors.ts";
import { breathe, TimeSlice } from "./event-loop.ts";
import type { BoundValue } from "./parameters.ts";
import { followsTable, type PreparedStatement, StatementCache } from "./statement-cache.ts";

/** SQL text with what it binds, ready for the driver. */
export interface SqlText {
  readonly text: string;
  readonly values: readonly BoundValue[];
}

type Row = Record<string, unknown>;

/** The driver delivers arrays: its own row objects take three times as long. */
export function toRow(columns: readonly string[], values: readonly unknown[]): Row {
  const row: Row = {};
  for (let i = 0; i < columns.length; i++) row[columns[i] as string] = values[i];
  return row;
}

/**
 * One connection to the file. Not safe for two uses at once: whoever holds it runs one statement after the other.
 * Errors are the driver's own; `translate` is the callers' last step, because they look for BUSY first.
 */
export class SqliteConnection {
  readonly #database: DatabaseSync;
  readonly #statements: StatementCache;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#statements = new StatementCache(database);
  }

  /** False also when SQLite has rolled back by itself, or the connection is closed. */
  get inTransaction(): boolean {
    return this.#database.isOpen && this.#database.isTransaction;
  }

  /** From the cache where possible. Throws SQLite's error for a statement that it can't read. */
  prepare(text: string, bigints = false): PreparedStatement {
    return this.#statements.get(text, bigints);
  }

  /** Runs a statement without values or rows. */
  run(text: string): void {
    this.prepare(text).statement.run();
  }

  /**
   * Holds the tables still for a statement with a star, and returns what ends that. SQLite reads a statement with the
   * tables as this connection last saw them, and notices only when it runs that another one has made them anew; its
   * driver would then deliver the new columns under the old names.
   */
  holdTables(text: string): () => void {
    if (!followsTable(text)) return () => undefined;
    const own = !this.inTransaction;
    if (own) this.run("BEGIN");
    const end = (): void => {
      if (!own || !this.inTransaction) return;
      try {
        this.run("COMMIT");
      } finally {
        // Whatever the reason, the next one to use this connection must not find it inside a transaction.
        if (this.inTransaction) this.run("ROLLBACK");
      }
    };
    try {
      // Reading anything makes the connection look at the tables again.
      this.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").statement.get();
    } catch (error) {
      end();
      throw error;
    }
    return end;
  }

  /** Runs one statement to its end at once. */
  executeNow(sql: SqlText, bigints = false): StatementResult<Row> {
    const release = this.holdTables(sql.text);
    try {
      return this.#executeNow(sql, bigints);
    } finally {
      release();
    }
  }

  #executeNow({ text, values }: SqlText, bigints: boolean): StatementResult<Row> {
    const { statement, columns } = this.prepare(text, bigints);
    if (columns.length === 0) return { rows: [], affected: Number(statement.run(...values).changes) };
    const rows = (statement.all(...values) as unknown as unknown[][]).map((row) => toRow(columns, row));
    return { rows, affected: /\breturning\b/i.test(text) ? rows.length : 0 };
  }

  /**
   * Runs one statement and lets the event loop turn between slices of rows. A statement that writes and returns rows
   * runs at once: stopped half-way, it would be neither done nor undone.
   */
  async execute(sql: SqlText, options: ExecuteOptions = {}): Promise<StatementResult<Row>> {
    const release = this.holdTables(sql.text);
    try {
      return await this.#execute(sql, options);
    } finally {
      release();
    }
  }

  async #execute(sql: SqlText, options: ExecuteOptions): Promise<StatementResult<Row>> {
    const { statement, columns } = this.prepare(sql.text, options.bigints);
    if (columns.length === 0 || /\breturning\b/i.test(sql.text)) return this.#executeNow(sql, options.bigints ?? false);
    const rows: Row[] = [];
    const slice = new TimeSlice();
    for (const row of statement.iterate(...sql.values) as Iterable<unknown>) {
      rows.push(toRow(columns, row as unknown[]));
      if (slice.spent()) await slice.rest(options.signal);
    }
    return { rows, affected: 0 };
  }

  /** Closing ends an open transaction by rolling it back. */
  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}

/** Runs `work` and reports its failure as Mortise does; afterwards others may run. */
export async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    const result = await work();
    await breathe();
    return result;
  } catch (error) {
    throw translate(error);
  }
}
