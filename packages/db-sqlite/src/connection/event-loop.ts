import { setImmediate as nextTurn } from "node:timers/promises";

/** How long this package may hold one turn of the event loop, in milliseconds, as far as it can divide its work. */
const sliceMs = 8;

/** Rows between two looks at the clock. */
const rowsPerCheck = 32;

/** When the current turn began, as far as this package saw it; shared, because there is one event loop. */
let turnStart: number | undefined;

function turnIsLong(): boolean {
  if (turnStart === undefined) {
    turnStart = performance.now();
    // Runs when the turn is over, however it ends.
    setImmediate(() => {
      turnStart = undefined;
    });
    return false;
  }
  return performance.now() - turnStart >= sliceMs;
}

/**
 * After a statement: lets timers, sockets and other work run when the turn has become long. Statements are synchronous,
 * so a loop that awaits one after the other would otherwise never leave the microtask queue.
 */
export async function breathe(): Promise<void> {
  if (turnIsLong()) await nextTurn();
}

/** Says when a loop over rows has held the event loop for long enough. */
export class TimeSlice {
  #rows = 0;

  /** Called once per row; true when the loop should let others run. */
  spent(): boolean {
    this.#rows++;
    return this.#rows % rowsPerCheck === 0 && turnIsLong();
  }

  async rest(signal: AbortSignal | undefined): Promise<void> {
    await nextTurn();
    signal?.throwIfAborted();
  }
}
