/**
 * Calendar fields without a zone, as Python has them. Not `Date`, which is an instant with milliseconds, and not yet Temporal,
 * which Node 24 does not have; where an engine has it, its plain types are accepted when writing.
 */
import { setKind } from "@mortise/array";

/** Python's date: a day of the calendar, years 1 to 9999. */
export class PyDate {
  static {
    setKind(this, "date");
  }

  readonly year: number;
  readonly month: number;
  readonly day: number;

  /** Throws a `RangeError` for a day that the calendar does not have. */
  constructor(year: number, month: number, day: number) {
    inRange("year", year, 1, 9999);
    inRange("month", month, 1, 12);
    inRange("day", day, 1, daysIn(year, month));
    this.year = year;
    this.month = month;
    this.day = day;
  }

  /** `YYYY-MM-DD`. */
  toString(): string {
    return `${digits(this.year, 4)}-${digits(this.month, 2)}-${digits(this.day, 2)}`;
  }
}

/** Python's time of day, without a zone, in microseconds. */
export class PyTime {
  static {
    setKind(this, "time");
  }

  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;

  /** Throws a `RangeError` for a time that a day does not have; there are no leap seconds. */
  constructor(hour: number, minute = 0, second = 0, microsecond = 0) {
    inRange("hour", hour, 0, 23);
    inRange("minute", minute, 0, 59);
    inRange("second", second, 0, 59);
    inRange("microsecond", microsecond, 0, 999_999);
    this.hour = hour;
    this.minute = minute;
    this.second = second;
    this.microsecond = microsecond;
  }

  /** `HH:MM:SS.ffffff`. */
  toString(): string {
    const clock = [this.hour, this.minute, this.second].map((part) => digits(part, 2)).join(":");
    return `${clock}.${digits(this.microsecond, 6)}`;
  }
}

/** Python's datetime: a day and a time of day, without a zone. */
export class PyDateTime {
  static {
    setKind(this, "datetime");
  }

  readonly date: PyDate;
  readonly time: PyTime;

  constructor(date: PyDate, time: PyTime) {
    this.date = date;
    this.time = time;
  }

  /** `YYYY-MM-DDTHH:MM:SS.ffffff`. */
  toString(): string {
    return `${this.date.toString()}T${this.time.toString()}`;
  }

  /** The instant, if these fields are meant in UTC or in this machine's zone; microseconds are cut to milliseconds. */
  toDate(zone: "utc" | "local"): Date {
    const { year, month, day } = this.date;
    const { hour, minute, second, microsecond } = this.time;
    // Years below 100 mean 19xx to the constructor, so that the year is set afterwards.
    const date = new Date(0);
    const milliseconds = Math.floor(microsecond / 1000);
    if (zone === "utc") {
      date.setUTCFullYear(year, month - 1, day);
      date.setUTCHours(hour, minute, second, milliseconds);
    } else {
      date.setFullYear(year, month - 1, day);
      date.setHours(hour, minute, second, milliseconds);
    }
    return date;
  }

  /** The fields that a `Date` shows in UTC or in this machine's zone. Throws a `RangeError` for an invalid date. */
  static fromDate(date: Date, zone: "utc" | "local"): PyDateTime {
    const utc = zone === "utc";
    return new PyDateTime(
      utc
        ? new PyDate(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate())
        : new PyDate(date.getFullYear(), date.getMonth() + 1, date.getDate()),
      utc
        ? new PyTime(date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds(), date.getUTCMilliseconds() * 1000)
        : new PyTime(date.getHours(), date.getMinutes(), date.getSeconds(), date.getMilliseconds() * 1000),
    );
  }
}

function daysIn(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 ? (leap ? 29 : 28) : month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function inRange(name: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`${name} must be in ${least}..${most}, got ${String(value)}`);
  }
}

function digits(value: number, width: number): string {
  return String(value).padStart(width, "0");
}
