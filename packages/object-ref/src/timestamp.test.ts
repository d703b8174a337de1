import { describe, expect, it } from "vitest";
import { formatTimestamp, parseTimestamp } from "./timestamp.ts";

describe("formatTimestamp", () => {
  it("L11: writes six digits even where the fraction is zero, which Python 3.10 reads", () => {
    expect(formatTimestamp(new Date("2026-01-02T03:04:05Z"))).toBe("2026-01-02T03:04:05.000000+00:00");
  });

  it("L12: matches the form that every reader accepts", () => {
    expect(formatTimestamp(new Date())).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/);
  });
});

describe("parseTimestamp", () => {
  it.each([
    ["2025-01-15T10:30:00Z", "2025-01-15T10:30:00.000Z"],
    ["2026-11-22T12:42:58.850450+00:00", "2026-11-22T12:42:58.850Z"],
    ["2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05.000Z"],
    ["2026-01-02 03:04:05", "2026-01-02T03:04:05.000Z"],
  ])("reads %s", (text, expected) => {
    expect(parseTimestamp(text)?.toISOString()).toBe(expected);
  });

  it.each(["yesterday", "", "2026-99-99T00:00:00Z", 5, null])("answers null for %s", (value) => {
    expect(parseTimestamp(value)).toBeNull();
  });
});
