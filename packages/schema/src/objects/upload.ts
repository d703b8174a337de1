import { MortiseError, type Planned } from "@mortise/core";
import type { Limiter } from "./limiter.ts";

/** A value of a row that is not stored yet, and where its metadata goes. */
export interface PlannedCell {
  readonly planned: Planned<unknown>;
  fill(stored: unknown): void;
  /** What a failed write is reported as: with the row, of which nothing is known here. */
  explain?(error: unknown): unknown;
}

/** A large body is streamed: however long it is, it holds about this much. */
const streamedBytes = 8 * 1024 * 1024;

/**
 * W2: runs the planned writes side by side. At the first failure the rest is aborted, and only when all have ended does
 * this throw: clean-up must not race a `put` that is still under way.
 */
export async function uploadCells(
  cells: readonly PlannedCell[],
  limiter: Limiter,
  abort: (reason: unknown) => void,
): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  const writes = cells.map((cell) =>
    limiter.run(Math.min(cell.planned.bytes ?? streamedBytes, streamedBytes), async () => {
      if (failure !== undefined) return;
      try {
        cell.fill(await cell.planned.write());
      } catch (error) {
        failure ??= { error: cell.explain?.(error) ?? error };
        abort(new MortiseError("aborted", "another object of the same batch failed", { cause: error }));
      }
    }),
  );
  await Promise.all(writes);
  if (failure !== undefined) throw failure.error;
}
