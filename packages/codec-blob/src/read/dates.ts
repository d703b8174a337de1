import { PyDate, PyDateTime, PyTime } from "../values/dates.ts";
import type { Reader } from "./reader.ts";

/**
 * A date, a time or both, packed as decimal digits; -1 stands for the part that is not there:
 *
 * ```text
 * i32   year * 10 000 + month * 100 + day
 * i64   ((hour * 100 + minute) * 100 + second) * 1 000 000 + microsecond
 * ```
 *
 * The constructors of the values know the calendar, and refuse a 30 February or an hour 24.
 */
export function readDateTime(reader: Reader): PyDate | PyTime | PyDateTime {
  reader.need(12, "a date and time");
  const day = reader.view.getInt32(reader.at, true);
  const clock = Number(reader.view.getBigInt64(reader.at + 4, true));
  if (day === -1 && clock === -1) throw reader.fail("neither a date nor a time");
  try {
    const date = day === -1 ? undefined : unpackDate(day);
    const time = clock === -1 ? undefined : unpackTime(clock);
    reader.at += 12;
    if (date === undefined) return time as PyTime;
    return time === undefined ? date : new PyDateTime(date, time);
  } catch (error) {
    throw reader.fail(`impossible date or time: ${(error as RangeError).message}`);
  }
}

/** Negative numbers end as an impossible year. */
function unpackDate(packed: number): PyDate {
  return new PyDate(Math.floor(packed / 10_000), Math.floor(packed / 100) % 100, packed % 100);
}

/** The hour is what is left over, so that too many digits show as an impossible hour. */
function unpackTime(packed: number): PyTime {
  const clock = Math.floor(packed / 1_000_000);
  return new PyTime(Math.floor(clock / 10_000), Math.floor(clock / 100) % 100, clock % 100, packed % 1_000_000);
}
