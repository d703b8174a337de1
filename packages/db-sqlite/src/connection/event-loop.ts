import { setImmediate } from "node:timers/promises";

/** How long one synchronous stretch may hold the event loop, in milliseconds. */
const sliceMs = 8;

/** Rows between two looks at the clock. */
const rowsPerCheck = 32;

/** Says when a loop over rows has held the event loop for long enough. */
export class TimeSlice {
  #rows = 0;
  #end = performance.now() + sliceMs;

  /** Called once per row; true when the loop should let others run. */
  spent(): boolean {
    this.#rows++;
    return this.#rows % rowsPerCheck === 0 && performance.now() >= this.#end;
  }

  /** Lets timers, sockets and other work run, then starts the next slice. */
  async rest(signal: AbortSignal | undefined): Promise<void> {
    await setImmediate();
    signal?.throwIfAborted();
    this.#end = performance.now() + sliceMs;
  }
}
