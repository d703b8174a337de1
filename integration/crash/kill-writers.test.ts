import { describe, expect, it } from "vitest";
import { killWriters } from "./kill-writers.ts";

describe("a writer that is killed at random moments", () => {
  it("leaves no row without its object, and no object that nobody names", async () => {
    const report = await killWriters({ kills: 10 });
    expect(report.violations).toEqual([]);
    expect(report.kills).toBe(10);
    expect(report.rows).toBeGreaterThan(8);
  });

  it("loses nothing to a collector without any grace, though it slept beyond its lease", async () => {
    const report = await killWriters({ kills: 3, condemner: true });
    expect(report.violations).toEqual([]);
    expect(report.rows).toBeGreaterThan(8);
  });

  it.each([
    ["", false],
    [", with that collector beside them", true],
  ])("loses no object of a row that it and a second one change in every way there is%s", async (_, condemner) => {
    const report = await killWriters({ kills: 3, mixed: true, condemner });
    expect(report.violations).toEqual([]);
    expect(report.kills).toBe(3);
    expect(report.rows).toBeGreaterThan(8);
  });

  it("would be found out if W3 did not check its intents: the check can fail", async () => {
    const report = await killWriters({ kills: 20, condemner: true, unchecked: true });
    expect(report.violations.join("\n")).toMatch(/is missing/);
  });
});
