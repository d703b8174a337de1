import { describe, expect, it } from "vitest";
import { coverageOf, describeCoverage } from "./cases.ts";
import type { TestOutcome } from "./results.ts";

function outcome(name: string, status: TestOutcome["status"], server?: string): TestOutcome {
  const meta = server === undefined ? {} : { server };
  return { file: "x.test.ts", suites: [], title: name, name, status, meta };
}

const lists = {
  storage: ["A01 A02"],
  "relational on a server": ["R-001 R-002"],
  "relational on mysql": ["R-136"],
  "relational on postgresql": ["R-151"],
};

describe("the coverage of the case lists", () => {
  it("asks each server for all of its ids, and counts what passed on another one for nothing", () => {
    const coverages = coverageOf(
      [
        outcome("A01: a path", "passed"),
        outcome("A02: another", "failed"),
        outcome("R-001: a name", "passed"),
        outcome("R-001: a name", "passed", "mysql:9.7"),
        outcome("R-002: a name", "passed", "postgres:18"),
        outcome("R-136: a column", "passed", "mysql:9.7"),
      ],
      lists,
    );
    expect(describeCoverage(coverages).split("\n")).toEqual([
      "cases, storage: 1 of 2 covered, MISSING: A02",
      "  A01",
      "cases, relational on mysql:9.7: 2 of 3 covered, MISSING: R-002",
      "  R-001 R-136",
      "cases, relational on MariaDB 10.11: NOT RUN on this machine",
      "cases, relational on postgres:18: 1 of 3 covered, MISSING: R-001 R-151",
      "  R-002",
      "cases, relational on PostgreSQL 15: NOT RUN on this machine",
    ]);
  });
});
