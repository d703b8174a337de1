import { isMortiseError, QueryError, TransactionError } from "@mortise/core";
import type { ExecuteOptions, Savepoint, Session, Statement, StatementResult } from "../database.ts";
import { refuseTransactionControl, statementBegins } from "../driver/transaction-control.ts";
import { Turns } from "../driver/turns.ts";
import type { ServerConnection, ServerDriver } from "./driver.ts";
import { endedError, isConnectionLost, lostInTransaction, messageOf } from "./errors.ts";
import type { Lease } from "./pool.ts";
import { cancellable, runAll, within } from "./running.ts";
import { leavesTraces, returnsRows } from "./statement-kind.ts";

/** What a session needs besides its connection. */
export interface SessionOptions {
  readonly driver: ServerDriver;
  /** How long COMMIT and ROLLBACK may take before the connection is given up. */
  readonly waitMs: number;
  /** Whether statements that commit by themselves may run. */
  readonly ddl: boolean;
  /** Begins again after such a statement. */
  readonly begin: string | readonly string[];
  onEnd(): void;
}

/** One open transaction on a connection that nobody else uses until it ends. */
export class ServerSession implements Session {
  readonly #lease: Lease;
  readonly #options: SessionOptions;
  readonly #turns = new Turns();
  #state: Session["state"] = "open";
  #clean = true;
  #committing = false;
  #savepoints = 0;

  /** The connection has begun a transaction; its lease ends with the session. */
  constructor(lease: Lease, options: SessionOptions) {
    this.#lease = lease;
    this.#options = options;
  }

  get state(): Session["state"] {
    return this.#state;
  }

  execute<Row>(statement: Statement, options: ExecuteOptions = {}): Promise<StatementResult<Row>> {
    return this.#turn(async () => {
      options.signal?.throwIfAborted();
      const { driver } = this.#options;
      const sql = driver.compile(statement);
      refuseTransactionControl(sql.text);
      const commits = this.#commitsImplicitly(sql.text);
      if (leavesTraces(sql.text)) this.#clean = false;
      const { signal } = options;
      const work = { driver, connection: this.#connection, signal, keeps: !returnsRows(sql.text) };
      const run = () => cancellable(work, () => this.#connection.execute(sql, options));
      return (await (commits ? this.#beginAfter(run) : run())) as StatementResult<Row>;
    });
  }

  commit(): Promise<void> {
    return this.#turns.run(async () => {
      this.#requireOpen("commit");
      // Nothing has been sent yet.
      if (!this.#connection.alive) throw this.#lost(new Error("it was closed"));
      if (this.#connection.transaction === "failed") throw await this.#commitOfFailed();
      this.#committing = true;
      try {
        await within(this.#options.waitMs, this.#connection, () => this.#run("COMMIT"));
      } catch (error) {
        throw this.#failedCommit(error);
      }
      this.#end("committed");
    });
  }

  rollback(): Promise<void> {
    return this.#turns.run(async () => {
      if (this.#state === "rolled-back") return;
      this.#requireOpen("roll back");
      await this.#undo();
    });
  }

  savepoint(): Promise<Savepoint> {
    return this.#turn(async () => {
      const name = `savepoint_${++this.#savepoints}`;
      await this.#run(`SAVEPOINT ${name}`);
      return {
        release: () => this.#turn(() => this.#run(`RELEASE SAVEPOINT ${name}`)),
        rollback: () =>
          this.#turn(async () => {
            await this.#run(`ROLLBACK TO SAVEPOINT ${name}`, `RELEASE SAVEPOINT ${name}`);
          }),
      };
    });
  }

  async terminate(): Promise<void> {
    await this.#options.driver.terminate(this.#connection.id);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#state === "open") await this.rollback();
  }

  /**
   * Rolls back without waiting for a turn: the database closes. A statement that runs is cut off. A COMMIT that was sent
   * is waited for: nobody may take a transaction for rolled back, and delete its objects, that the server has committed.
   */
  async abandon(): Promise<void> {
    if (this.#state !== "open") return;
    if (this.#committing)
      return await within(abandonMs, this.#connection, () => this.#turns.run(async () => undefined));
    this.#state = "rolled-back";
    try {
      if (!this.#turns.busy) await within(abandonMs, this.#connection, () => this.#run("ROLLBACK"));
    } catch {
      // The server rolls back what has no connection any more.
    }
    this.#lease.end(false);
    this.#options.onEnd();
  }

  get #connection(): ServerConnection {
    return this.#lease.connection;
  }

  /** One statement of the open transaction, after those that were started before it. */
  #turn<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.run(async () => {
      this.#requireOpen("run a statement");
      try {
        if (!this.#connection.alive) throw new Error("it was closed");
        const result = await work();
        this.#requireTransaction();
        return result;
      } catch (error) {
        throw this.#judged(error);
      }
    });
  }

  #run(...texts: readonly string[]): Promise<void> {
    return runAll(this.#connection, texts);
  }

  /** Also a statement that fails has committed what was before it. */
  async #beginAfter<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      if (this.#connection.alive) await runAll(this.#connection, this.#options.begin);
    }
  }

  #requireOpen(what: string): void {
    if (this.#state !== "open") throw endedError(what, this.#state);
  }

  #commitsImplicitly(text: string): boolean {
    const { driver, ddl } = this.#options;
    const pattern = driver.transactions.commitsImplicitly;
    if (pattern === undefined || !statementBegins(text, pattern)) return false;
    if (ddl) return true;
    throw new QueryError(
      "invalid-query",
      `${driver.backend} would commit the transaction by this statement: ${head(text)}`,
      {
        hint: "make and drop tables outside of transactions, or begin the session with { ddl: true }",
      },
    );
  }

  /** A statement went through, and there is no transaction any more: it has ended it in a way that was not foreseen. */
  #requireTransaction(): void {
    if (this.#state !== "open" || this.#connection.transaction !== "none") return;
    this.#end("unknown");
    throw new TransactionError("commit-unknown", "the transaction was ended by a statement, its outcome is not known", {
      hint: "look for its rows; transactions are ended with commit() or rollback() of the session",
    });
  }

  /** What a failed statement means for the transaction. */
  #judged(error: unknown): unknown {
    if (this.#state !== "open") return error;
    if (isConnectionLost(error) || !this.#connection.alive) return this.#lost(error);
    // The server rolled everything back by itself: MySQL after a deadlock.
    if (this.#connection.transaction === "none") this.#end("rolled-back");
    return error;
  }

  #lost(error: unknown): unknown {
    this.#end("rolled-back");
    return isMortiseError(error) && !isConnectionLost(error)
      ? error
      : lostInTransaction(error, this.#options.driver.place);
  }

  /** The server drops the transaction with the connection, so nothing can be left of it whatever ROLLBACK says. */
  async #undo(): Promise<void> {
    try {
      if (this.#connection.alive) await within(this.#options.waitMs, this.#connection, () => this.#run("ROLLBACK"));
    } catch {
      this.#clean = false;
    }
    this.#end("rolled-back");
  }

  /** PostgreSQL answers COMMIT with ROLLBACK here, and calls it a success. */
  async #commitOfFailed(): Promise<TransactionError> {
    await this.#undo();
    return new TransactionError(
      "rolled-back",
      "an earlier statement failed, so all of the transaction was rolled back",
      {
        hint: "after an error go on only behind a savepoint that was rolled back",
      },
    );
  }

  #end(state: Session["state"]): void {
    if (this.#state !== "open") return;
    this.#state = state;
    this.#lease.end(this.#clean && (state === "committed" || state === "rolled-back"));
    this.#options.onEnd();
  }

  /** Only a server that has answered, and has no transaction any more, is known to have rolled back. */
  #failedCommit(error: unknown): TransactionError {
    const message = messageOf(error);
    const { alive, transaction } = this.#connection;
    if (alive && !isConnectionLost(error) && transaction === "none") {
      this.#end("rolled-back");
      if (isMortiseError(error) && error.name === "TransactionError") return error as TransactionError;
      return new TransactionError("rolled-back", `COMMIT failed, everything was rolled back: ${message}`, {
        cause: error,
      });
    }
    this.#end("unknown");
    return new TransactionError("commit-unknown", `COMMIT had no answer, its outcome is not known: ${message}`, {
      cause: error,
      hint: "look for the rows before you run the transaction again",
    });
  }
}

/** How long the closing of a database waits for one ROLLBACK. */
const abandonMs = 2_000;

function head(text: string): string {
  return text.trim().slice(0, 80);
}
