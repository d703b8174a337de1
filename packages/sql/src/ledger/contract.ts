import type { Executor, Session } from "../database.ts";

/** A path that a writer is about to rely on. */
export interface Intent {
  /** First 16 bytes of SHA-256(store NUL path). */
  readonly pathHash: Uint8Array;
  readonly store: string;
  readonly path: string;
}

/** How far a collector has come with a path, or what a writer has found of it (`docs/write-protocol.md`). */
export type LedgerState = "condemned" | "moving" | "quarantined" | "suspect" | "deleted";

/** A path that a collector has judged. */
export interface LedgerRow {
  readonly pathHash: Uint8Array;
  readonly state: LedgerState;
  readonly mustUpload: boolean;
  readonly token: Uint8Array | null;
  /** Milliseconds since the state was entered, by the database's clock. */
  readonly ageMs: number;
}

/**
 * The statements of the write protocol (W1–W4). The order in which they run is the engine's; here is only how one
 * database says them. Tables: `~mortise_intent`, `~mortise_ledger`, `~mortise_meta`, one set per schema.
 */
export interface LedgerDialect {
  /** True where one write lock covers the database: inside a user's transaction the lock is the intent. */
  readonly lockIsIntent: boolean;
  /** Creates the hidden tables and the schema's database id where they are missing; returns the id. */
  prepare(executor: Executor, schema: string): Promise<string>;
  /** W1a. `leaseMs` from now by the database's clock. */
  registerIntents(
    executor: Executor,
    schema: string,
    writer: Uint8Array,
    intents: readonly Intent[],
    leaseMs: number,
  ): Promise<void>;
  /** W1b, and the look into the ledger inside a transaction. */
  readLedger(executor: Executor, schema: string, hashes: readonly Uint8Array[]): Promise<readonly LedgerRow[]>;
  /** W1c: the row under its lock. */
  lockLedgerRow(session: Session, schema: string, hash: Uint8Array): Promise<LedgerRow | undefined>;
  /** W1c: a condemned row is withdrawn, or becomes `suspect` where it must be uploaded anyway. */
  withdraw(session: Session, schema: string, hash: Uint8Array): Promise<void>;
  /** W1c: a stale move is taken over with a new token. */
  takeOver(session: Session, schema: string, hash: Uint8Array, token: Uint8Array): Promise<void>;
  /** W3: deletes this writer's unbroken intents and returns how many there were. */
  settle(session: Session, schema: string, writer: Uint8Array, hashes: readonly Uint8Array[]): Promise<number>;
  /** W3: clears `suspect` for paths that were uploaded for certain. */
  clearSuspect(session: Session, schema: string, hashes: readonly Uint8Array[]): Promise<void>;
  /** W3 where the lock is the intent: clears every judgement on the transaction's paths. */
  clearJudged(session: Session, schema: string, hashes: readonly Uint8Array[]): Promise<void>;
  /** Extends the lease; returns how many unbroken intents there were. */
  heartbeat(
    executor: Executor,
    schema: string,
    writer: Uint8Array,
    hashes: readonly Uint8Array[],
    leaseMs: number,
  ): Promise<number>;
  /** W4: deletes the intents of paths that this writer has cleaned up itself. */
  abandon(executor: Executor, schema: string, writer: Uint8Array, hashes: readonly Uint8Array[]): Promise<void>;
  /**
   * After an unknown COMMIT: a locking read, which doesn't wait. True: an intent is still there, so the transaction did not
   * commit. `QueryError` `busy` while the lost session holds its locks.
   */
  intentRemains(session: Session, schema: string, writer: Uint8Array): Promise<boolean>;
}
