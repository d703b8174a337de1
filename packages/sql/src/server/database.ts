import { Kysely } from "kysely";
import type { Catalog } from "../catalog.ts";
import type {
  BeginOptions,
  Database,
  ExecuteOptions,
  RowCursor,
  Session,
  Statement,
  StatementResult,
  StreamOptions,
} from "../database.ts";
import type { Dialect } from "../dialect.ts";
import { createKyselyDialect, type KyselyPieces } from "../driver/kysely-driver.ts";
import { refuseSavepoints, refuseTransactionControl } from "../driver/transaction-control.ts";
import type { LedgerDialect } from "../ledger/contract.ts";
import { type ConnectionSettings, Connections } from "./connections.ts";
import type { ServerDriver, SqlText } from "./driver.ts";
import { closedError } from "./errors.ts";
import { cancellable, runAll } from "./running.ts";
import { ServerSession } from "./session.ts";
import { leavesTraces, onlyReads, returnsRows } from "./statement-kind.ts";
import { openCursor } from "./stream.ts";

/** What makes one server's database of what all servers share. */
export interface ServerParts {
  readonly driver: ServerDriver;
  readonly dialect: Dialect;
  readonly catalog: Catalog;
  readonly ledger: LedgerDialect;
  readonly kysely: KyselyPieces;
  readonly settings: ConnectionSettings;
}

/**
 * Opens a database on a server, with one connection that shows whether it can be used.
 *
 * @throws ConfigError as `ServerDriver.connect` does
 */
export async function serverDatabase(parts: ServerParts, signal?: AbortSignal): Promise<Database> {
  const connections = new Connections(parts.driver, parts.settings);
  const lease = await connections.take({ pool: "data", signal });
  lease.end(true);
  return new ServerDatabase(parts, connections);
}

/** Sessions, statements and streams on the connections to one server. */
class ServerDatabase implements Database {
  readonly backend: string;
  readonly dialect: Dialect;
  readonly catalog: Catalog;
  readonly ledger: LedgerDialect;
  readonly kysely: Database["kysely"];

  readonly #driver: ServerDriver;
  readonly #waitMs: number;
  readonly #connections: Connections;
  readonly #sessions = new Set<ServerSession>();
  #closing: Promise<void> | undefined;

  constructor(parts: ServerParts, connections: Connections) {
    this.backend = parts.driver.backend;
    this.dialect = parts.dialect;
    this.catalog = parts.catalog;
    this.ledger = parts.ledger;
    this.kysely = new Kysely({ dialect: createKyselyDialect(this, parts.kysely) });
    this.#driver = parts.driver;
    this.#waitMs = parts.settings.waitMs;
    this.#connections = connections;
  }

  /** A statement that only reads is sent again after a lost connection; of any other the outcome is then unknown. */
  async execute<Row>(statement: Statement, options: ExecuteOptions = {}): Promise<StatementResult<Row>> {
    this.#requireOpen();
    options.signal?.throwIfAborted();
    const sql = this.#compile(statement);
    const { lease, result } = await this.#connections.run(
      { pool: "data", signal: options.signal, repeatable: () => onlyReads(sql.text) },
      ({ connection }) =>
        cancellable({ driver: this.#driver, connection, signal: options.signal, keeps: !returnsRows(sql.text) }, () =>
          connection.execute(sql, options),
        ),
    );
    lease.end(!leavesTraces(sql.text));
    return result as StatementResult<Row>;
  }

  async begin(options: BeginOptions = {}): Promise<Session> {
    this.#requireOpen();
    const { pool = "data", readOnly = false, ddl = false, signal, timeoutMs } = options;
    const { transactions } = this.#driver;
    const begin = readOnly ? transactions.beginReadOnly : transactions.begin;
    const { lease } = await this.#connections.run(
      { pool, signal, timeoutMs, repeatable: () => true },
      ({ connection }) =>
        cancellable({ driver: this.#driver, connection, signal, keeps: false }, () => runAll(connection, begin)),
    );
    const session: ServerSession = new ServerSession(lease, {
      driver: this.#driver,
      waitMs: this.#waitMs,
      ddl,
      begin,
      onEnd: () => this.#sessions.delete(session),
    });
    this.#sessions.add(session);
    return session;
  }

  stream<Row>(statement: Statement, options: StreamOptions = {}): RowCursor<Row> {
    this.#requireOpen();
    const source = {
      driver: this.#driver,
      compile: () => this.#compile(statement),
      take: () => this.#connections.take({ pool: "data", signal: options.signal }),
    };
    return openCursor<Row>(source, options);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    this.#connections.stop();
    await Promise.all([...this.#sessions].map((session) => session.abandon()));
    await this.#connections.close();
  }

  #requireOpen(): void {
    if (this.#closing !== undefined) throw closedError(this.#driver.place);
  }

  /** A savepoint would leave the shared connection in a transaction. */
  #compile(statement: Statement): SqlText {
    const sql = this.#driver.compile(statement);
    refuseTransactionControl(sql.text);
    refuseSavepoints(sql.text);
    return sql;
  }
}
