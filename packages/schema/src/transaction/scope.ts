import { TransactionError } from "@mortise/core";
import type { Database, Savepoint, Session } from "@mortise/sql";
import { WriteUnit } from "../objects/unit.ts";

/**
 * An open transaction of a user: its session, and what its inserts have promised about objects. Writes inside it run one
 * after the other, because they share one connection and each may need a savepoint.
 */
export class TransactionScope {
  readonly session: Session;
  readonly database: Database;
  readonly signal: AbortSignal | undefined;
  /** One per schema: intents and their settling belong to a schema's ledger. */
  readonly units: Map<string, WriteUnit> = new Map();
  /** Runs after a successful COMMIT; failures are the hook's own to report. */
  readonly afterCommit: (() => Promise<void>)[] = [];
  /** Identities of the open savepoints, innermost last. */
  readonly savepoints: symbol[] = [];
  /** The session for whoever is not the owner: can't end the transaction, and its savepoints keep other writes out. */
  readonly shared: Session;
  #open = true;
  #writes = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(database: Database, session: Session, signal: AbortSignal | undefined) {
    this.database = database;
    this.session = session;
    this.signal = signal;
    this.shared = shareSession(this);
  }

  get open(): boolean {
    return this.#open;
  }

  /** The session, as long as statements may still run. Throws `TransactionError` `ended`. */
  executor(): Session {
    if (!this.#open) {
      throw new TransactionError("ended", "a table or query was used inside a transaction that has already ended", {
        hint: "await every operation before the transaction's function returns",
      });
    }
    return this.session;
  }

  unit(schema: string): WriteUnit {
    let unit = this.units.get(schema);
    if (unit === undefined) {
      unit = new WriteUnit(schema);
      this.units.set(schema, unit);
    }
    return unit;
  }

  /** Runs a write when those before it are done. */
  async exclusively<T>(work: (session: Session) => Promise<T>): Promise<T> {
    this.executor();
    this.#writes += 1;
    const turn = this.#last.then(() => work(this.executor()));
    this.#last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      this.#writes -= 1;
    }
  }

  /**
   * Ends it for everybody but its owner. A write still running then was not awaited: it can be neither part of the
   * commit nor safely left out, so this throws and the owner rolls back.
   */
  async end(): Promise<void> {
    const forgotten = this.#writes;
    this.#open = false;
    await this.#last;
    if (forgotten === 0) return;
    throw new TransactionError(
      "ended",
      `the transaction's function returned while ${forgotten} of its writes were still running; it was rolled back`,
      { hint: "await every insert, update and delete inside the function" },
    );
  }
}

function shareSession(scope: TransactionScope): Session {
  const { session } = scope;
  const refuse = (): Promise<never> =>
    Promise.reject(new TransactionError("ended", "a transaction ends with its function, nowhere else"));
  return {
    get state() {
      return session.state;
    },
    execute: async (statement, options) => await scope.executor().execute(statement, options),
    commit: refuse,
    rollback: refuse,
    savepoint: () => holdSavepoint(scope),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** A savepoint that has the turn of a write until it ends: one that is undone must not take another's rows with it. */
function holdSavepoint(scope: TransactionScope): Promise<Savepoint> {
  return new Promise((resolve, reject) => {
    const turn = scope.exclusively(async (session) => {
      const savepoint = await session.savepoint();
      await new Promise<void>((done) => {
        resolve({
          release: () => savepoint.release().finally(done),
          rollback: () => savepoint.rollback().finally(done),
        });
      });
    });
    turn.catch(reject);
  });
}
