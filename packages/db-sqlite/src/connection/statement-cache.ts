import type { DatabaseSync, StatementSync } from "node:sqlite";
import { refuseMoreThan } from "../statement-text.ts";

/** A prepared statement with the names of its columns; none for statements that return no rows. */
export interface PreparedStatement {
  readonly statement: StatementSync;
  readonly columns: readonly string[];
}

/** Statements kept per connection. Preparing costs 10–100 µs, a cached one nothing. */
const capacity = 128;

/** Long texts are generated for one use (many rows at once) and would only push the others out. */
const maxCachedLength = 10_000;

/**
 * Whether the columns of a statement depend on the table as it is now: `select *`, `returning *`. `count(*)` is no such
 * star.
 */
export function followsTable(text: string): boolean {
  return /\*(?!\s*\))/.test(text);
}

/** The prepared statements of one connection, least recently used first. */
export class StatementCache {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, PreparedStatement>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** `bigints` is a property of the prepared statement, so that each form has its own. */
  get(text: string, bigints: boolean): PreparedStatement {
    const key = bigints ? `bigint ${text}` : text;
    const cached = this.#statements.get(key);
    if (cached !== undefined) {
      this.#statements.delete(key);
      this.#statements.set(key, cached);
      return cached;
    }
    const prepared = this.#prepare(text, bigints);
    if (text.length <= maxCachedLength && !followsTable(text)) this.#keep(key, prepared);
    return prepared;
  }

  #prepare(text: string, bigints: boolean): PreparedStatement {
    const statement = this.#database.prepare(text);
    refuseMoreThan(statement.sourceSQL, text);
    if (bigints) statement.setReadBigInts(true);
    return { statement, columns: statement.columns().map((column) => column.name) };
  }

  #keep(key: string, prepared: PreparedStatement): void {
    if (this.#statements.size >= capacity) {
      const oldest = this.#statements.keys().next().value;
      if (oldest !== undefined) this.#statements.delete(oldest);
    }
    this.#statements.set(key, prepared);
  }
}
