import { TransactionError } from "@mortise/core";
import type { Database, Savepoint, Session } from "@mortise/sql";
import { WriteUnit } from "../objects/unit.ts";
import { beside, besideSavepoint, ended, endedSavepoint, forgotten } from "./errors.ts";

/** A write from its beginning to its end, and the savepoint it belongs to; undefined directly in the transaction. */
interface RunningWrite {
  readonly savepoint: symbol | undefined;
}

/**
 * An open transaction of a user: its session, and what its inserts have promised about objects. Writes inside it run one
 * after the other, because they share one connection and each may need a savepoint. Only the innermost open savepoint
 * takes writes: those of anybody else would be undone with it although they had reported success. They are refused and
 * don't wait, because the function of the savepoint may be waiting for them.
 */
export class TransactionScope {
  /** Its owner's: others use `shared` or take a turn. */
  readonly session: Session;
  readonly database: Database;
  /** Aborting it rolls the transaction back. */
  readonly signal: AbortSignal | undefined;
  /** One per schema: intents and their settling belong to a schema's ledger. */
  readonly units: Map<string, WriteUnit> = new Map();
  /** Runs after a successful COMMIT; failures are the hook's own to report. */
  readonly afterCommit: (() => Promise<void>)[] = [];
  /** The session for whoever is not the owner: it reads, and can't end the transaction. */
  readonly shared: Session;
  /** Identities of the open savepoints, innermost last. */
  readonly #savepoints: symbol[] = [];
  readonly #writes = new Set<RunningWrite>();
  #open = true;
  #doomed: { readonly cause: unknown } | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(database: Database, session: Session, signal: AbortSignal | undefined) {
    this.database = database;
    this.session = session;
    this.signal = signal;
    this.shared = shareSession(this);
  }

  /** False from the end of the transaction's function on. */
  get open(): boolean {
    return this.#open;
  }

  /** The session, as long as statements may still run. Throws `TransactionError` `ended`. */
  executor(): Session {
    if (this.#open) return this.session;
    throw ended();
  }

  /** The unit of a schema, made at its first write. */
  unit(schema: string): WriteUnit {
    let unit = this.units.get(schema);
    if (unit === undefined) {
      unit = new WriteUnit(schema);
      this.units.set(schema, unit);
    }
    return unit;
  }

  /**
   * Counts `work` as a write of `savepoint` from its beginning to its end, also while it has no turn: between two batches
   * of an iterable other writes may run, but nothing may be committed.
   */
  async track<T>(savepoint: symbol | undefined, work: () => Promise<T>): Promise<T> {
    const write = { savepoint };
    this.#writes.add(write);
    try {
      return await work();
    } finally {
      this.#writes.delete(write);
    }
  }

  /**
   * Runs a write of `savepoint` when those before it are done. Throws `TransactionError` `nested` for a write beside an
   * open savepoint, `ended` for one inside a savepoint that has ended.
   */
  async exclusively<T>(savepoint: symbol | undefined, work: (session: Session) => Promise<T>): Promise<T> {
    this.#requireInnermost(savepoint, besideSavepoint);
    return await this.track(savepoint, () => this.#inTurn(work));
  }

  /** Opens `savepoint` inside `outer`, after the writes that were begun before. */
  async openSavepoint(savepoint: symbol, outer: symbol | undefined): Promise<Savepoint> {
    this.#requireInnermost(outer, beside);
    this.#savepoints.push(savepoint);
    try {
      return await this.#inTurn((session) => session.savepoint());
    } catch (error) {
      this.#leave(savepoint);
      throw error;
    }
  }

  /**
   * Throws `TransactionError` `ended` while writes or savepoints inside `savepoint` are still running: they were not
   * awaited and can be neither kept nor safely left out.
   */
  requireIdle(savepoint: symbol): void {
    this.executor();
    if (!this.#savepoints.includes(savepoint)) throw endedSavepoint();
    if (this.#savepoints.at(-1) !== savepoint) throw forgotten("savepoint", "savepoint");
    if ([...this.#writes].some((write) => write.savepoint === savepoint)) throw forgotten("savepoint", "write");
  }

  /**
   * Runs `last` as the end of `savepoint`: from this call on it takes no writes, and its outer one takes them again,
   * after `last`. Does nothing and answers false where it has ended already, with the transaction or an outer savepoint.
   */
  async closeSavepoint(savepoint: symbol, last: () => Promise<void>): Promise<boolean> {
    const ends = this.#leave(savepoint) && this.#open && this.session.state === "open";
    if (ends) await this.#inTurn(last);
    return ends;
  }

  /** Undoes what was done since `savepoint`. Where that fails nobody knows what is left, and nothing can be committed. */
  async undo(savepoint: Savepoint): Promise<void> {
    try {
      await savepoint.rollback();
    } catch (cause) {
      this.#doomed ??= { cause };
      throw cause;
    }
  }

  /**
   * Takes back a write that failed: its rows, since `savepoint`, and then by `fail` their objects. These stay where the
   * server has ended the transaction nobody knows how: the rows may be there.
   */
  async takeBack(savepoint: Savepoint, fail: () => Promise<void>): Promise<void> {
    if (this.session.state === "open") await this.undo(savepoint);
    if (this.session.state !== "unknown") await fail();
  }

  /**
   * Ends it for everybody but its owner. A write or savepoint still running then was not awaited: it can be neither part
   * of the commit nor safely left out, so this throws and the owner rolls back.
   */
  async end(): Promise<void> {
    const savepoints = this.#savepoints.length;
    const writes = this.#writes.size;
    this.#open = false;
    await this.#last;
    if (savepoints + writes > 0) throw forgotten("transaction", savepoints > 0 ? "savepoint" : "write");
    if (this.#doomed !== undefined) {
      throw new TransactionError("rolled-back", "a failed write could not be undone alone: all is rolled back", {
        cause: this.#doomed.cause,
      });
    }
  }

  async #inTurn<T>(work: (session: Session) => Promise<T>): Promise<T> {
    this.executor();
    const turn = this.#last.then(() => work(this.executor()));
    this.#last = turn.catch(() => undefined);
    return await turn;
  }

  #requireInnermost(savepoint: symbol | undefined, otherwise: () => TransactionError): void {
    this.executor();
    if (savepoint === this.#savepoints.at(-1)) return;
    if (savepoint !== undefined && !this.#savepoints.includes(savepoint)) throw endedSavepoint();
    throw otherwise();
  }

  /** With everything inside it. False where it was left already. */
  #leave(savepoint: symbol): boolean {
    const index = this.#savepoints.indexOf(savepoint);
    if (index >= 0) this.#savepoints.splice(index);
    return index >= 0;
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
    savepoint: () =>
      Promise.reject(new TransactionError("nested", "savepoints are made by transaction.savepoint, nowhere else")),
    [Symbol.asyncDispose]: async () => undefined,
  };
}
