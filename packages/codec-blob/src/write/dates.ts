import { code } from "../format/codes.ts";
import { PyDate, PyDateTime, PyTime } from "../values/dates.ts";
import type { Writer } from "./writer.ts";

/** Either part, or both; -1 stands for the one that is not there. */
export function writeDateTime(writer: Writer, date: PyDate | undefined, time: PyTime | undefined): void {
  writer.scalar(code.datetime);
  writer.reserve(12);
  const day = date === undefined ? -1 : (date.year * 100 + date.month) * 100 + date.day;
  const clock =
    time === undefined ? -1 : ((time.hour * 100 + time.minute) * 100 + time.second) * 1_000_000 + time.microsecond;
  writer.view.setInt32(writer.at, day, true);
  writer.view.setBigInt64(writer.at + 4, BigInt(clock), true);
  writer.at += 12;
}

/** An instant has no calendar day until a zone is chosen, which is the caller's choice and not this machine's. */
export function writeDate(writer: Writer, date: Date): void {
  const { dates } = writer.options;
  if (dates === "refuse") {
    throw writer.fail(
      "a Date is an instant, but a blob holds calendar fields without a zone",
      'choose dates: "utc" or "local", or give a PyDateTime',
    );
  }
  try {
    const { date: day, time } = PyDateTime.fromDate(date, dates);
    writeDateTime(writer, day, time);
  } catch (error) {
    throw writer.fail(`this Date can't be written: ${(error as RangeError).message}`);
  }
}

interface PlainFields {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  readonly microsecond: number;
  readonly nanosecond: number;
  readonly calendarId?: string;
}

/** Temporal's plain types, where the engine has them; nanoseconds and other calendars have no form in a blob. */
export function writeTemporal(writer: Writer, value: object, tag: string): void {
  const plain = value as PlainFields;
  try {
    const hasTime = tag !== "Temporal.PlainDate";
    if (hasTime && plain.nanosecond !== 0) throw new RangeError("it has nanoseconds");
    if (tag !== "Temporal.PlainTime" && plain.calendarId !== "iso8601")
      throw new RangeError("its calendar is not ISO 8601");
    writeDateTime(
      writer,
      tag === "Temporal.PlainTime" ? undefined : new PyDate(plain.year, plain.month, plain.day),
      hasTime
        ? new PyTime(plain.hour, plain.minute, plain.second, plain.millisecond * 1000 + plain.microsecond)
        : undefined,
    );
  } catch (error) {
    throw writer.fail(`this ${tag} can't be written: ${(error as RangeError).message}`);
  }
}
