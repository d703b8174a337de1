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
  /** `signal` is not looked at here: `cancel` is how a running statement ends. */
  execute(statement: SqlText, options: Pick<ExecuteOptions, "bigints">): Promise<StatementResult>;
  /** Batches of rows, as the server sends them; leaving the loop ends the read and leaves the connection usable, or dead. */
  stream(
    statement: SqlText,
    options: Required<Pick<StreamOptions, "batch">> & Pick<StreamOptions, "bigints">,
  ): AsyncIterableIterator<readonly DatabaseRow[]>;
  /** Ends the socket at once; what runs on it fails with `connection-lost`. */
  destroy(): void;
}

/** What a server's dialect of transactions is. */
export interface ServerTransactions {
  /** One statement that begins a transaction. `readOnly`: a consistent snapshot. */
  readonly begin: string;
  readonly beginReadOnly: string;
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
  /** Connects, authenticates and sets the session up. Throws `ConfigError` with the cause and what to do. */
  connect(signal: AbortSignal | undefined): Promise<ServerConnection>;
  /** Asks the server, over another connection, to end the statement that runs on `id`; does nothing where none runs. */
  cancel(id: string): Promise<void>;
  /** Ends the connection `id` on the server's side, with its transaction; resolves when it is gone (or was gone already). */
  terminate(id: string): Promise<void>;
}
