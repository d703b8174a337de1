import { describe, refuse } from "../errors.ts";
import { isCalendarDay, isoOfDate } from "./date.ts";

const pattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,12}))?)?\s?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;

const millisPerMinute = 60_000;

/**
 * Zone-less text counts as UTC, text with a zone and `Date`s are converted to UTC. Digits that the column does not
 * have must be zero: MySQL would round them, PostgreSQL too, and SQLite would keep them.
 */
export function datetimeAcceptor(name: string, digits: number): (value: unknown) => string {
  const normal = normalForm(digits);
  return (value) => {
    if (typeof value === "string" && normal.test(value)) return value;
    if (value instanceof Date) return withDigits(name, isoOfDate(name, value).slice(0, 23), digits);
    if (typeof value !== "string") {
      throw refuse("wrong-type", `${name} expects ISO text or a Date, got ${describe(value)}`);
    }
    return withDigits(name, normalise(name, value), digits);
  };
}

/** What most values are already: a quick answer, except for the last days of a month, which take the calendar to check. */
function normalForm(digits: number): RegExp {
  const day = "(?!0000)\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\\d|2[0-8])";
  const fraction = digits === 0 ? "" : `\\.\\d{${digits}}`;
  return new RegExp(`^${day}T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d${fraction}$`);
}

/** `YYYY-MM-DDTHH:MM:SS.f…` in UTC, with as many digits as were written. */
function normalise(name: string, text: string): string {
  const match = pattern.exec(text);
  if (match === null) {
    throw refuse("malformed", `${name} expects YYYY-MM-DDTHH:MM:SS, got ${describe(text)}`);
  }
  const [, year = "", month = "", day = "", hour = "00", minute = "00", second = "00", fraction, zone] = match;
  const valid =
    isCalendarDay(Number(year), Number(month), Number(day)) &&
    Number(hour) < 24 &&
    Number(minute) < 60 &&
    Number(second) < 60;
  if (!valid) throw refuse("out-of-range", `calendar and clock have no ${text}`);
  const tail = fraction === undefined ? "" : `.${fraction}`;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  if (zone === undefined || zone === "Z" || zone === "z") return local + tail;
  const instant = Date.parse(`${local}Z`) - zoneMinutes(name, zone) * millisPerMinute;
  return isoOfDate(name, new Date(instant)).slice(0, 19) + tail;
}

function zoneMinutes(name: string, zone: string): number {
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(":", ""));
  if (hours > 15 || minutes > 59) throw refuse("out-of-range", `${name}: there is no zone ${zone}`);
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}

function withDigits(name: string, text: string, digits: number): string {
  const head = text.slice(0, 19);
  const fraction = text.slice(20).replace(/0+$/, "");
  if (fraction.length > digits) {
    throw refuse(
      "too-many-digits",
      `${name} has ${digits === 0 ? "no" : digits} digits after the seconds, got ${text}`,
      `cut the time, or declare datetime(${Math.min(6, Math.max(fraction.length, 3))})`,
    );
  }
  return digits === 0 ? head : `${head}.${fraction.padEnd(digits, "0")}`;
}
