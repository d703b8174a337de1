/** The clock of one operation, for whoever does a part of its work and was given only its signal. */
export interface Clock {
  /** Something has moved: bytes were sent or received. */
  touch(): void;
  /** Nothing can move until `again`: the operation waits for its turn, not for the store. */
  rest(): void;
  again(): void;
}

// By signal, because that is what passes every layer down to the socket; options of users carry no clocks.
const clocks = new WeakMap<AbortSignal, Clock>();

/** Makes the clock of an operation known to all that get its signal. */
export function announceClock(signal: AbortSignal, clock: Clock): void {
  clocks.set(signal, clock);
}

/** Undefined for a signal of somebody else, and for operations that are too short to tell progress. */
export function clockOf(signal: AbortSignal | undefined): Clock | undefined {
  return signal === undefined ? undefined : clocks.get(signal);
}
