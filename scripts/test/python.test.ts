import { describe, expect, it } from "vitest";
import { describeScenarios, describeVersions } from "./python.ts";
import type { TestOutcome } from "./results.ts";

function outcome(suite: string, title: string, status: TestOutcome["status"], server?: string): TestOutcome {
  const meta = server === undefined ? {} : { python: "Python 3.12.1, datajoint 2.3.5", server };
  return {
    file: "/integration/python/scenarios/x.test.ts",
    suites: [suite],
    title,
    name: `${suite} ${title}`,
    status,
    meta,
  };
}

describe("the table of scenarios", () => {
  it("has a line per scenario, and tells failed, not run and about the other database apart", () => {
    const table = describeScenarios([
      outcome("files on MySQL", "each reads", "passed"),
      outcome("files on MySQL", "only here", "failed"),
      outcome("files on PostgreSQL", "each reads (no Docker engine (not found))", "skipped"),
      outcome("blobs on PostgreSQL", "once", "passed"),
    ]);
    expect(table.split("\n").map((line) => line.split(/ {2,}/).filter(Boolean))).toEqual([
      ["MySQL", "PostgreSQL"],
      ["files"],
      ["each reads", "ok", "?"],
      ["only here", "FAILED", "-"],
      ["blobs"],
      ["once", "-", "ok"],
    ]);
  });

  it("says what was run with what", () => {
    const outcomes = ["mysql:9.7", "postgres:18", "mysql:9.7"].map((server) =>
      outcome("a on MySQL", "b", "passed", server),
    );
    expect(describeVersions(outcomes)).toBe("Python 3.12.1, datajoint 2.3.5, mysql:9.7, postgres:18");
  });

  it("shows a file that could not be run", () => {
    const title = "could not be run: no such module";
    const table = describeScenarios([{ ...outcome("", title, "failed"), suites: [] }]);
    expect(table.split("\n").at(-1)?.trim().split(/ {2,}/)).toEqual([title, "FAILED", "FAILED"]);
  });
});
