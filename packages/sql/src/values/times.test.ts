import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { acceptDate } from "./date.ts";
import { datetimeAcceptor } from "./datetime.ts";

describe("date", () => {
  it.each(["2024-02-30", "2023-02-29", "1900-02-29", "2024-13-01", "2024-00-10", "0000-01-01", "2024-04-31"])(
    "knows that the calendar has no %s",
    (value) => {
      expect(() => acceptDate(value)).toThrow("the calendar has no");
    },
  );

  it.each(["2000-02-29", "0001-01-01", "9999-12-31"])("takes %s", (value) => {
    expect(acceptDate(value)).toBe(value);
  });

  it.each(["2024-2-9", "20240229", "2024-02-29T00:00:00", "", "today"])("wants YYYY-MM-DD, not %j", (value) => {
    expect(() => acceptDate(value)).toThrow("YYYY-MM-DD");
  });

  it("takes a Date at midnight UTC and refuses one whose time would be lost", () => {
    expect(acceptDate(new Date("2024-02-29T00:00:00Z"))).toBe("2024-02-29");
    expect(() => acceptDate(new Date("2024-02-29T00:00:00.001Z"))).toThrow("no time of day");
    expect(() => acceptDate(new Date(Number.NaN))).toThrow("invalid Date");
    expect(() => acceptDate(new Date(Date.UTC(12_000, 0)))).toThrow("years 1 to 9999");
  });
});

describe("datetime", () => {
  const whole = datetimeAcceptor("datetime", 0);
  const millis = datetimeAcceptor("datetime(3)", 3);

  it.each([
    ["2024-01-02", "2024-01-02T00:00:00.000"],
    ["2024-01-02 03:04", "2024-01-02T03:04:00.000"],
    ["2024-01-02T03:04:05Z", "2024-01-02T03:04:05.000"],
    ["2024-01-02T03:04:05.1200000", "2024-01-02T03:04:05.120"],
    ["2024-01-01T00:30:00.5+01:00", "2023-12-31T23:30:00.500"],
    ["2024-01-01T00:30:00-0130", "2024-01-01T02:00:00.000"],
    ["2024-03-01T00:00:00+01", "2024-02-29T23:00:00.000"],
  ])("reads %s as %s", (value, expected) => {
    expect(millis(value)).toBe(expected);
  });

  it.each([
    "2024-02-30T00:00:00",
    "2023-02-29T00:00:00",
    "0000-01-01T00:00:00",
    "2024-13-01T00:00:00",
    "2024-00-10T00:00:00",
    "2024-01-00T00:00:00",
    "2024-01-01T24:00:00",
    "2024-01-01T00:60:00",
    "2024-01-01T00:00:60",
    "2024-01-01T00:00:00+16",
  ])("has no %s", (value) => {
    expect(() => whole(value)).toThrow(/have no|no zone/);
  });

  it.each(["yesterday", "2024-01-01T", "2024-01-01T12", "12:00", "", 5])("does not understand %j", (value) => {
    expect(() => whole(value)).toThrow(/expects/);
  });

  it("refuses digits that the column would drop, and takes zeros", () => {
    expect(whole("2024-01-02T03:04:05.000")).toBe("2024-01-02T03:04:05");
    expect(() => whole(new Date(1))).toThrow("no digits");
    expect(() => millis("2024-01-02T03:04:05.0001")).toThrow("has 3 digits");
  });

  it("keeps every millisecond of a Date, in UTC", () => {
    fc.assert(
      fc.property(
        fc.date({
          min: new Date("0001-01-01T00:00:00Z"),
          max: new Date("9999-12-31T23:59:59.999Z"),
          noInvalidDate: true,
        }),
        (date) => {
          expect(`${millis(date)}Z`).toBe(date.toISOString());
          expect(millis(millis(date))).toBe(millis(date));
        },
      ),
    );
  });

  it("refuses what a zone moves out of the calendar", () => {
    expect(() => whole("0001-01-01T00:00:00+01:00")).toThrow("years 1 to 9999");
  });
});
