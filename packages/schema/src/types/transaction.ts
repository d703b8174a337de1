import type { Relation } from "./column.ts";

/** Options of `project.transaction`. */
export interface TransactionOptions {
  /** Aborting rolls back. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * An open transaction. Table constants used inside its function join it without being told; streams read beside it, on
 * a connection of their own. Used after its end it throws `TransactionError` `ended`.
 */
export interface Transaction {
  /** The table or query bound to this transaction, for code that runs outside its asynchronous context. */
  use<T extends Relation>(relation: T): T;
  /**
   * Nests: when `work` throws, only what it did is undone, and the error passes through. Inside, use the transaction that
   * `work` is given: until it ends, writes of the outer one are refused (`TransactionError` `nested`), because they would
   * be undone with it. They don't wait, or a `work` that awaits one would wait for ever.
   */
  savepoint<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
}
