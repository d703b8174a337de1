import { describe, expect, it } from "vitest";
import { describeSkips, describeTable, describeTotals, readColumns } from "./conformance.ts";
import type { TestOutcome } from "./results.ts";

function outcome(
  suite: string,
  title: string,
  status: TestOutcome["status"],
  meta: TestOutcome["meta"] = {},
): TestOutcome {
  return {
    file: "/integration/stores/conformance/x.test.ts",
    suites: [suite],
    title,
    name: `${suite} ${title}`,
    status,
    meta,
  };
}

const rules = [
  { id: "put.bytes", state: "tried" },
  { id: "put.stream", state: "tried" },
  { id: "list.order", state: "defect", reason: "it sorts by UTF-16" },
  { id: "metadata.kept", state: "excused", reason: "needs metadata" },
];
const columns = readColumns([
  outcome("Quick: store conformance", "put.bytes: bytes: all of them", "passed"),
  outcome("Quick: store conformance", "put.stream: a stream is stored", "failed"),
  outcome("Quick: what is skipped", "is what skips.json records", "passed", { conformance: { store: "Quick", rules } }),
  outcome("Away: store conformance", "every rule (no Docker engine: not found)", "skipped"),
  outcome("a project", "works", "passed"),
]);

describe("the table of rules and stores", () => {
  it("has a line per rule below the counts of its concern, and says which store was not run", () => {
    expect(
      describeTable(columns)
        .split("\n")
        .map((line) => line.split(/ {2,}/).filter(Boolean)),
    ).toEqual([
      ["Away", "Quick"],
      ["put", "not run", "1/2"],
      ["put.bytes", "?", "ok"],
      ["put.stream", "?", "FAILED"],
      ["list", "not run", "0/1"],
      ["list.order", "?", "defect"],
      ["metadata", "not run", "0/1"],
      ["metadata.kept", "?", "-"],
    ]);
  });

  it("gives the reason of every skip", () => {
    expect(describeSkips(columns)).toBe(
      "Quick:\n  needs metadata: metadata.kept\n  defect of the server, list.order: it sorts by UTF-16",
    );
  });

  it("sums up each store in one line", () => {
    expect(describeTotals(columns)).toBe(
      "Away   not run: no Docker engine: not found\n" +
        "Quick  1 of 4 rules kept, 1 excused, 1 broken by named defects, 1 FAILED",
    );
  });
});
