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
  /** Nests: when `work` throws, only what it did is undone, and the error passes through. */
  savepoint<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
}
