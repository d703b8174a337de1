/** The time of a request in the two forms that SigV4 wants. */
export interface Stamp {
  /** `20130524T000000Z` */
  readonly time: string;
  /** `20130524` */
  readonly day: string;
}

/** The stamp of a time in milliseconds. */
export function stampOf(time: number): Stamp {
  const text = new Date(time).toISOString().replaceAll(/[-:]|\.\d+/g, "");
  return { time: text, day: text.slice(0, 8) };
}

/** This machine's clock, corrected by what servers have said. */
export interface Clock {
  /** Milliseconds to add to the local time. */
  offset: number;
  now(): Stamp;
}

/** A clock that makes one stamp per second, however many requests ask. */
export function createClock(): Clock {
  let second = -1;
  let stamp: Stamp = { time: "", day: "" };
  const clock: Clock = {
    offset: 0,
    now() {
      const time = Date.now() + clock.offset;
      const whole = Math.floor(time / 1000);
      if (whole !== second) {
        second = whole;
        stamp = stampOf(time);
      }
      return stamp;
    },
  };
  return clock;
}
