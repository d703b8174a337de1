import type { Logger } from "@mortise/core";
import { type BeginOptions, type Database, type LedgerDialect, ledgerTransaction, type Session } from "@mortise/sql";

/** Times of the write protocol, in milliseconds. Tests shorten them; the defaults are those the model was run for. */
export interface ProtocolTimes {
  /** How long an intent protects its path without a heartbeat. */
  readonly leaseMs: number;
  /** Longest validity of a collector's delete (F); a move older than 1.5 F is taken over. */
  readonly fenceMs: number;
  /** First pause while a path is being moved; doubles up to 32 times. */
  readonly backoffMs: number;
}

/** An hour of lease is long for any heartbeat to come; a minute of fence is what collectors sign their deletes for. */
export const defaultTimes: ProtocolTimes = { leaseMs: 3_600_000, fenceMs: 60_000, backoffMs: 50 };

/** What the steps of the protocol share. */
export interface ProtocolEnvironment {
  readonly database: Database;
  readonly logger: Logger;
  readonly times: ProtocolTimes;
}

/** Runs `work` in a transaction of the ledger's own and commits it; again after a deadlock. */
export function inLedger<T>(
  { database }: ProtocolEnvironment,
  pool: "data" | "ledger",
  work: (session: Session, ledger: LedgerDialect) => Promise<T>,
  options: Pick<BeginOptions, "signal" | "readOnly" | "ddl"> = {},
): Promise<T> {
  return ledgerTransaction(database, { pool, ...options }, work);
}

/**
 * The pool for steps that others rely on after a power cut (withdrawal, takeover). Where the ledger's own pool may skip
 * the flush and one lock covers everything, the data pool is as good and flushes.
 */
export function flushedPool(environment: ProtocolEnvironment): "data" | "ledger" {
  return environment.database.ledger.lockIsIntent ? "data" : "ledger";
}
