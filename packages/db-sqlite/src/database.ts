import { ConfigError } from "@mortise/core";
import type {
  BeginOptions,
  Catalog,
  Database,
  Dialect,
  ExecuteOptions,
  LedgerDialect,
  RowCursor,
  Session,
  Statement,
  StatementResult,
  StreamOptions,
} from "@mortise/sql";
import { createKyselyDialect, defaultWaitMs, Permits, refuseSavepoints, type WaitOptions } from "@mortise/sql/driver";
import { Kysely } from "kysely";
import { sqliteCatalog } from "./catalog/catalog.ts";
import { type SqliteConnection, translated } from "./connection/connection.ts";
import { openConnection } from "./connection/open-file.ts";
import { sqliteDialect } from "./dialect/dialect.ts";
import { InsertStatement } from "./dialect/insert-statement.ts";
import { isReadOnly } from "./errors.ts";
import { sqlitePieces } from "./kysely/compiler.ts";
import { createSqliteLedger } from "./ledger/index.ts";
import { openCursor } from "./reading/cursor.ts";
import { Readers } from "./reading/readers.ts";
import { compile } from "./statement.ts";
import { busyError, retryBusy } from "./transaction/busy.ts";
import { SqliteSession } from "./transaction/session.ts";

/** Statements that may run on a read connection; one that writes after all is refused there and sent on. */
const mayOnlyRead = /^\s*(?:select|values|with|explain)\b/i;

/** One file: a connection that writes rows, one for the ledger, and as many readers as are busy. */
export class SqliteDatabase implements Database {
  readonly backend = "sqlite";
  readonly dialect: Dialect = sqliteDialect;
  readonly catalog: Catalog = sqliteCatalog;
  readonly ledger: LedgerDialect = createSqliteLedger();
  readonly kysely: Database["kysely"];

  readonly #file: string;
  readonly #waitMs: number;
  readonly #data: SqliteConnection;
  readonly #readers: Readers;
  /** Who may write next inside this process: SQLite's own lock knows no order, and polling for it would waste time. */
  readonly #lock = new Permits(1, busyError);
  readonly #sessions = new Set<SqliteSession>();
  #ledgerConnection: SqliteConnection | undefined;
  #closed = false;

  /** `file` has been prepared. */
  constructor(file: string, waitMs: number = defaultWaitMs) {
    this.#file = file;
    this.#waitMs = waitMs;
    this.#data = openConnection(file, "data");
    this.#readers = new Readers(() => openConnection(file, "reader"));
    this.kysely = new Kysely({ dialect: createKyselyDialect(this, sqlitePieces) });
  }

  /** Reads on a reader, so that it sees no open transaction; everything else waits for the write lock. */
  execute<Row>(statement: Statement, options: ExecuteOptions = {}): Promise<StatementResult<Row>> {
    return translated(async () => {
      this.#requireOpen();
      options.signal?.throwIfAborted();
      if (statement instanceof InsertStatement) return (await this.#insert(statement, options)) as StatementResult<Row>;
      const text = compile(statement);
      refuseSavepoints(text.text);
      if (mayOnlyRead.test(text.text)) {
        try {
          return (await this.#read((reader) => reader.execute(text, options), options)) as StatementResult<Row>;
        } catch (error) {
          if (!isReadOnly(error)) throw error;
        }
      }
      return (await this.#write((data) => data.executeNow(text, options.bigints), options)) as StatementResult<Row>;
    });
  }

  /** BEGIN IMMEDIATE, or a snapshot on a reader. Both pools share one lock, because the file has only one. */
  begin(options: BeginOptions = {}): Promise<Session> {
    return translated(async () => {
      this.#requireOpen();
      return options.readOnly === true ? this.#beginReading(options) : this.#beginWriting(options);
    });
  }

  /** The connection is taken at the first row and given back after the last, or when the loop is left. */
  stream<Row>(statement: Statement, options: StreamOptions = {}): RowCursor<Row> {
    this.#requireOpen();
    return openCursor<Row>(this.#readers, () => compile(statement), options);
  }

  /** Rolls back what is open. The last process to close moves the write-ahead log into the file. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const session of this.#sessions) session.abandon();
    this.#readers.close();
    this.#ledgerConnection?.close();
    this.#data.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #requireOpen(): void {
    if (this.#closed) throw new ConfigError("closed", `the database ${this.#file} is closed`);
  }

  #wait(options: { readonly signal?: AbortSignal | undefined; readonly timeoutMs?: number | undefined }): WaitOptions {
    return { signal: options.signal, timeoutMs: options.timeoutMs ?? this.#waitMs };
  }

  /** Even a reader can find the file busy for a moment, while another process opens or closes it. */
  async #read<T>(work: (reader: SqliteConnection) => Promise<T>, options: ExecuteOptions): Promise<T> {
    const reader = this.#readers.take();
    try {
      return await retryBusy(() => work(reader), this.#wait(options));
    } finally {
      this.#readers.giveBack(reader);
    }
  }

  async #write<T>(work: (data: SqliteConnection) => T, options: ExecuteOptions): Promise<T> {
    const wait = this.#wait(options);
    const release = await this.#lock.acquire(wait);
    try {
      this.#requireOpen();
      return await retryBusy(() => work(this.#data), wait);
    } finally {
      release();
    }
  }

  /** Rows of one statement in a transaction of their own, which yields between slices. */
  async #insert(statement: InsertStatement, options: ExecuteOptions): Promise<StatementResult> {
    if (statement.rowCount === 0) return { rows: [], affected: 0 };
    await using session = await this.#beginWriting({ signal: options.signal });
    const result: StatementResult = await session.execute(statement, options);
    await session.commit();
    return result;
  }

  async #beginWriting(options: BeginOptions): Promise<SqliteSession> {
    const wait = this.#wait(options);
    const release = await this.#lock.acquire(wait);
    try {
      this.#requireOpen();
      const connection = options.pool === "ledger" ? this.#ledgerData() : this.#data;
      // IMMEDIATE: a transaction that reads first and writes later could find its snapshot outdated, for good.
      await retryBusy(() => connection.run("BEGIN IMMEDIATE"), wait);
      return this.#session(connection, release);
    } catch (error) {
      release();
      throw error;
    }
  }

  async #beginReading(options: BeginOptions): Promise<SqliteSession> {
    const reader = this.#readers.take();
    const giveBack = (): void => this.#readers.giveBack(reader);
    try {
      reader.run("BEGIN");
      // BEGIN alone takes no snapshot: the first read does.
      await retryBusy(
        () => reader.executeNow({ text: "SELECT 1 FROM sqlite_schema LIMIT 1", values: [] }),
        this.#wait(options),
      );
      return this.#session(reader, giveBack);
    } catch (error) {
      if (reader.inTransaction) reader.run("ROLLBACK");
      giveBack();
      throw error;
    }
  }

  #session(connection: SqliteConnection, onEnd: () => void): SqliteSession {
    const session: SqliteSession = new SqliteSession(connection, () => {
      this.#sessions.delete(session);
      onEnd();
    });
    this.#sessions.add(session);
    return session;
  }

  /** Opened late: projects without objects have no use for it. */
  #ledgerData(): SqliteConnection {
    this.#ledgerConnection ??= openConnection(this.#file, "ledger");
    return this.#ledgerConnection;
  }
}
