import type { Kysely, RawBuilder } from "kysely";
import type { Catalog } from "./catalog.ts";
import type { Dialect } from "./dialect.ts";
import type { LedgerDialect } from "./ledger/contract.ts";

/** A statement with its bound values: what Kysely's `sql` tag makes. */
export type Statement = RawBuilder<unknown>;

/** A row as the driver delivers it; `Dialect.fromDatabase` turns its values into those of the definition language. */
export type DatabaseRow = Readonly<Record<string, unknown>>;

/** What a statement gave back. Rows are plain objects; two columns of one name leave the last. */
export interface StatementResult<Row = DatabaseRow> {
  readonly rows: readonly Row[];
  /** Rows inserted, updated or deleted. */
  readonly affected: number;
}

/** How one statement runs. */
export interface ExecuteOptions {
  /** Ends waiting and reading with its reason. A write that has begun is finished or undone as a whole. */
  readonly signal?: AbortSignal | undefined;
  /** Columns whose integers may exceed 2^53: the driver then delivers `bigint`. */
  readonly bigints?: boolean | undefined;
}

/** Where statements run: a database outside a transaction, or a session inside one. Errors are `QueryError`s. */
export interface Executor {
  /** Outside a session the statement is a transaction of its own. Rows are all held in memory: large reads stream. */
  execute<Row = DatabaseRow>(statement: Statement, options?: ExecuteOptions): Promise<StatementResult<Row>>;
}

/** A batch of rows at a time keeps the event loop free; disposing ends the read and returns the connection. */
export interface RowCursor<Row = DatabaseRow> extends AsyncIterable<readonly Row[]>, AsyncDisposable {}

/** How rows are read in batches. */
export interface StreamOptions extends ExecuteOptions {
  /** Rows per batch; default 256. */
  readonly batch?: number | undefined;
}

/** What kind of transaction begins, and how long to wait for it. */
export interface BeginOptions {
  /** `ledger`: the protocol's own small pool, whose commits may skip the flush; never lent to users. Default `data`. */
  readonly pool?: "data" | "ledger" | undefined;
  /** A consistent snapshot that writes nothing and blocks no writer. */
  readonly readOnly?: boolean | undefined;
  /**
   * The session makes or drops tables. Where each such statement commits (MySQL) it goes on in a new transaction, and
   * `rollback` undoes only what came after; without this flag such a statement is refused there.
   */
  readonly ddl?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** How long to wait for the write lock or a connection; then `QueryError` `busy`. Default 30 000. */
  readonly timeoutMs?: number | undefined;
}

/** One transaction on one connection. Disposing one that is still open rolls it back. */
export interface Session extends Executor, AsyncDisposable {
  /** `unknown` only after a COMMIT whose answer was lost. A database may roll back by itself, on a full disk for example. */
  readonly state: "open" | "committed" | "rolled-back" | "unknown";
  /** Throws `TransactionError` `commit-unknown` when the answer was lost; the state is then `unknown`. */
  commit(): Promise<void>;
  /** Rolling back twice does no harm; after a commit it is an error (`ended`). */
  rollback(): Promise<void>;
  /** Statements of one session run one after the other, so savepoints nest as they are made. */
  savepoint(): Promise<Savepoint>;
  /**
   * After an unknown outcome: ends what is left of the session on the server, and with it the locks that it holds there.
   * Resolves when it is gone. Missing where there is no server.
   */
  terminate?(): Promise<void>;
}

/** A point inside a transaction. One of its methods is called once; the end of the transaction ends it too. */
export interface Savepoint {
  /** Keeps what was done since. */
  release(): Promise<void>;
  /** Undoes what was done since; the transaction stays open. */
  rollback(): Promise<void>;
}

/** An open database. */
export interface Database extends Executor, AsyncDisposable {
  /** `sqlite`, `postgresql`, `mysql`: as in the configuration. */
  readonly backend: string;
  readonly dialect: Dialect;
  readonly catalog: Catalog;
  readonly ledger: LedgerDialect;
  /** The escape hatch for users; its statements share the data pool. */
  readonly kysely: Kysely<Record<string, Record<string, unknown>>>;
  /** Waits for its turn, then for the database. Nothing else runs on the connection until the session ends. */
  begin(options?: BeginOptions): Promise<Session>;
  /** Reads on a connection of its own, in bounded memory. */
  stream<Row = DatabaseRow>(statement: Statement, options?: StreamOptions): RowCursor<Row>;
  /** Rolls back what is open; calling it twice does no harm. Everything else fails from now on. */
  close(): Promise<void>;
}
