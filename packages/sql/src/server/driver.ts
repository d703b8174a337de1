import type { DatabaseRow, ExecuteOptions, StatementResult, StreamOptions } from "../database.ts";

/** A statement as a driver sends it: text with the server's own placeholders, and its values. */
export interface SqlText {
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * One connection to a server, as a driver package gives it: set up, and in no transaction. It is used by one caller at a
 * time. Its errors are already `MortiseError`s; one that means a lost connection has the code `connection-lost`.
 */
export interface ServerConnection {
  /** What the server knows this connection by, for as long as that is unambiguous: pid and start, or thread id. */
  readonly id: string;
  /** False from the moment on at which the socket is known to be gone. */
  readonly alive: boolean;
  /**
   * What the server last said of a transaction here: PostgreSQL's ReadyForQuery status, MySQL's SERVER_STATUS_IN_TRANS.
   * `failed`: only a rollback is possible (PostgreSQL). `none` after an error that rolled everything back (MySQL 1213).
   */
  readonly transaction: "none" | "open" | "failed";
  /** `signal` is not looked at here: `cancel` is how a running statement ends. */
  execute(statement: SqlText, options: Pick<ExecuteOptions, "bigints">): Promise<StatementResult>;
  /** Batches of rows, as the server sends them; leaving the loop ends the read and leaves the connection usable, or dead. */
  stream(
    statement: SqlText,
    options: Required<Pick<StreamOptions, "batch">> & Pick<StreamOptions, "bigints">,
  ): AsyncIterableIterator<readonly DatabaseRow[]>;
  /** Idle in a pool: the socket must not keep the process alive. `ref` when it is taken out again. */
  unref(): void;
  ref(): void;
  /** The polite end of an idle connection; resolves when the socket is closed, or was already. Never rejects. */
  close(): Promise<void>;
  /** Ends the socket at once; what runs on it fails with `connection-lost`. */
  destroy(): void;
}

/** What a server's dialect of transactions is. */
export interface ServerTransactions {
  /** What begins a transaction, in one statement or several. */
  readonly begin: string | readonly string[];
  /** The same for a consistent snapshot that writes nothing. */
  readonly beginReadOnly: string | readonly string[];
  /**
   * Statements, by their first words, that commit the open transaction as they run (MySQL's DDL). They are refused inside
   * a session that was not begun with `ddl: true`.
   */
  readonly commitsImplicitly?: RegExp | undefined;
}

/** What a driver package gives to `serverDatabase`: everything else is the same for all servers. */
export interface ServerDriver {
  /** `postgresql` or `mysql`. */
  readonly backend: string;
  /** Where, for messages: `user@host:port/name`; no secrets. */
  readonly place: string;
  readonly transactions: ServerTransactions;
  /** The text and values of a fragment; statements of the driver's own making (`insert`) skip Kysely's compiler. */
  compile(statement: unknown): SqlText;
  /**
   * Connects, authenticates and sets the session up. Throws `ConfigError` with the cause and what to do: `unreachable`
   * (refused, no answer in time, starting up, too many connections), `access`, `unknown-database`, `tls-unavailable`. Of
   * a database that is open already, `unreachable` becomes `QueryError` `connection-lost`.
   */
  connect(signal: AbortSignal | undefined): Promise<ServerConnection>;
  /** Asks the server, over another connection, to end the statement that runs on `id`; does nothing where none runs. */
  cancel(id: string): Promise<void>;
  /** Ends the connection `id` on the server's side, with its transaction; resolves when it is gone (or was gone already). */
  terminate(id: string): Promise<void>;
}
