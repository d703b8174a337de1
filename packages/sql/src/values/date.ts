import { describe, refuse } from "../errors.ts";

const pattern = /^\d{4}-\d\d-\d\d$/;

/** The number that two digits at a place write. Cheaper than cutting them out. */
function twoDigits(text: string, at: number): number {
  const zero = 48;
  return (text.charCodeAt(at) - zero) * 10 + text.charCodeAt(at + 1) - zero;
}

/** Whether the calendar has the day with which a text begins, as `YYYY-MM-DD`. */
function beginsWithDay(text: string): boolean {
  return isCalendarDay(twoDigits(text, 0) * 100 + twoDigits(text, 2), twoDigits(text, 5), twoDigits(text, 8));
}

/** Whether the calendar has this day; years are those that MySQL, PostgreSQL and ISO text share. */
export function isCalendarDay(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  return day <= daysOfMonth(year, month);
}

function daysOfMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** The instant as ISO text. Years outside 1 to 9999 are refused: their text has another shape. */
export function isoOfDate(name: string, value: Date): string {
  const year = value.getUTCFullYear();
  if (Number.isNaN(year)) throw refuse("malformed", `${name} got an invalid Date`);
  if (year < 1 || year > 9999)
    throw refuse("out-of-range", `${name} holds the years 1 to 9999, got ${describe(value)}`);
  return value.toISOString();
}

/** A `Date` is read in UTC and must be a midnight: its time would be dropped. */
export function acceptDate(value: unknown): string {
  if (value instanceof Date) {
    const iso = isoOfDate("date", value);
    if (!iso.endsWith("T00:00:00.000Z")) {
      throw refuse("too-many-digits", `date has no time of day, got ${iso}`, "give the day as text: 2024-02-29");
    }
    return iso.slice(0, 10);
  }
  if (typeof value !== "string")
    throw refuse("wrong-type", `date expects YYYY-MM-DD or a Date, got ${describe(value)}`);
  if (!pattern.test(value)) throw refuse("malformed", `date expects YYYY-MM-DD, got ${describe(value)}`);
  if (!beginsWithDay(value)) throw refuse("out-of-range", `the calendar has no ${value}`);
  return value;
}
