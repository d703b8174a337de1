import type { WriteTotals } from "../objects/unit.ts";
import type { InsertSummary } from "../types/index.ts";

/** Counts that grow while an insert runs. */
export interface RunningSummary {
  inserted: number;
  skipped: number;
  uploaded: number;
  deduplicated: number;
  bytes: number;
}

/** Counts at the start of an insert. */
export function newSummary(): RunningSummary {
  return { inserted: 0, skipped: 0, uploaded: 0, deduplicated: 0, bytes: 0 };
}

/** Adds what a unit has done since `before`. */
export function addTotals(summary: RunningSummary, now: WriteTotals, before?: WriteTotals): void {
  summary.uploaded += now.uploaded - (before?.uploaded ?? 0);
  summary.deduplicated += now.deduplicated - (before?.deduplicated ?? 0);
  summary.bytes += now.bytes - (before?.bytes ?? 0);
}

const committedRows: unique symbol = Symbol.for("mortise.committed-rows.v1");

/** Leaves with the error how many rows of an iterable are in: the batches before the one that failed. */
export function withCommittedRows(error: unknown, summary: Pick<InsertSummary, "inserted">): unknown {
  if (typeof error === "object" && error !== null && Object.isExtensible(error)) {
    Object.defineProperty(error, committedRows, { value: summary.inserted, configurable: true });
  }
  return error;
}

/** How many rows were committed before `insert` of an iterable failed with this error; 0 where nothing was. */
export function rowsCommittedBefore(error: unknown): number {
  if (typeof error !== "object" || error === null) return 0;
  return (error as { readonly [committedRows]?: number })[committedRows] ?? 0;
}
