import { TransactionError } from "@mortise/core";
import type { ExecuteOptions, Savepoint, Session, Statement, StatementResult } from "@mortise/sql";
import { Turns } from "@mortise/sql/driver";
import type { SqliteConnection } from "../connection/connection.ts";
import { breathe } from "../connection/event-loop.ts";
import { translate } from "../errors.ts";
import { runStatement } from "../statement.ts";

/** One open transaction on a connection that nobody else uses until it ends. */
export class SqliteSession implements Session {
  readonly #connection: SqliteConnection;
  readonly #onEnd: () => void;
  readonly #turns = new Turns();
  #state: Session["state"] = "open";
  #savepoints = 0;

  /** `connection` has begun; `onEnd` gives it and the write lock back. */
  constructor(connection: SqliteConnection, onEnd: () => void) {
    this.#connection = connection;
    this.#onEnd = onEnd;
  }

  get state(): Session["state"] {
    return this.#state;
  }

  execute<Row>(statement: Statement, options: ExecuteOptions = {}): Promise<StatementResult<Row>> {
    return this.#turn(async () => {
      options.signal?.throwIfAborted();
      return (await runStatement(this.#connection, statement, options)) as StatementResult<Row>;
    });
  }

  commit(): Promise<void> {
    return this.#turns.run(async () => {
      this.#requireOpen("commit");
      try {
        this.#connection.run("COMMIT");
        this.#end("committed");
      } catch (error) {
        throw this.#failedCommit(error);
      }
      await breathe();
    });
  }

  rollback(): Promise<void> {
    return this.#turns.run(async () => {
      if (this.#state === "rolled-back") return;
      this.#requireOpen("roll back");
      this.#undo();
      this.#requireKnown();
    });
  }

  savepoint(): Promise<Savepoint> {
    return this.#turn(async () => {
      const name = `"savepoint_${++this.#savepoints}"`;
      this.#connection.run(`SAVEPOINT ${name}`);
      return {
        release: () => this.#turn(async () => this.#connection.run(`RELEASE ${name}`)),
        rollback: () =>
          this.#turn(async () => {
            this.#connection.run(`ROLLBACK TO ${name}`);
            this.#connection.run(`RELEASE ${name}`);
          }),
      };
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#state === "open") await this.rollback();
  }

  /** Rolls back at once, without waiting for a turn: the database closes. */
  abandon(): void {
    if (this.#state === "open") this.#undo();
  }

  /** One statement of the open transaction, after those that were started before it. */
  #turn<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.run(async () => {
      this.#requireOpen("run a statement");
      try {
        const result = await work();
        if (!this.#connection.inTransaction) this.#undo();
        this.#requireKnown();
        await breathe();
        return result;
      } catch (error) {
        // A full disk or an I/O error makes SQLite roll the whole transaction back by itself.
        if (this.#state === "open" && !this.#connection.inTransaction) this.#end("rolled-back");
        throw translate(error);
      }
    });
  }

  #requireOpen(what: string): void {
    if (this.#state === "open") return;
    throw new TransactionError("ended", `can't ${what}: the transaction is ${this.#state}`, {
      hint: "begin a new transaction; handles of an ended one can't be used",
    });
  }

  /**
   * The lock is given back even when ROLLBACK fails: SQLite drops the transaction with the connection. If there is none,
   * somebody has ended it behind our back, perhaps by committing: whoever removes objects then must not trust a guess.
   */
  #undo(): void {
    const { inTransaction } = this.#connection;
    try {
      if (inTransaction) this.#connection.run("ROLLBACK");
    } finally {
      this.#end(inTransaction ? "rolled-back" : "unknown");
    }
  }

  #requireKnown(): void {
    if (this.#state !== "unknown") return;
    throw new TransactionError("commit-unknown", "the transaction was ended by a statement, its outcome is not known", {
      hint: "look for its rows; transactions are ended with commit() or rollback() of the session",
    });
  }

  #end(state: Session["state"]): void {
    this.#state = state;
    this.#onEnd();
  }

  /** While SQLite still has the transaction open, nothing is committed; otherwise nobody here can know. */
  #failedCommit(error: unknown): TransactionError {
    const message = (error as Error).message;
    if (this.#connection.inTransaction) {
      this.#undo();
      return new TransactionError("rolled-back", `COMMIT failed, everything was rolled back: ${message}`, {
        cause: translate(error),
      });
    }
    this.#end("unknown");
    return new TransactionError("commit-unknown", `COMMIT failed, its outcome is not known: ${message}`, {
      cause: error,
    });
  }
}
