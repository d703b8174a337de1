import type { SqliteConnection } from "../connection/connection.ts";

/** Connections kept open between two reads; more are opened when needed and closed afterwards. */
const maxIdle = 4;

/**
 * The read connections of a database. There is no upper bound: a bounded pool would hang a loop over one stream that
 * reads another table inside.
 */
export class Readers {
  readonly #open: () => SqliteConnection;
  readonly #idle: SqliteConnection[] = [];
  readonly #lent = new Set<SqliteConnection>();
  #closed = false;

  constructor(open: () => SqliteConnection) {
    this.#open = open;
  }

  /** A connection for one reader, until it is given back. Opening one takes about a millisecond. */
  take(): SqliteConnection {
    const connection = this.#idle.pop() ?? this.#open();
    this.#lent.add(connection);
    return connection;
  }

  /** Giving back what was closed meanwhile does no harm. */
  giveBack(connection: SqliteConnection): void {
    if (!this.#lent.delete(connection)) return;
    if (this.#closed || this.#idle.length >= maxIdle) connection.close();
    else this.#idle.push(connection);
  }

  /** Those that are lent are closed too: reading from them fails from now on. */
  close(): void {
    this.#closed = true;
    for (const connection of [...this.#idle.splice(0), ...this.#lent]) connection.close();
    this.#lent.clear();
  }
}
