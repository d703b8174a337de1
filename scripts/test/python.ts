// What the scenarios of two languages came to, as a table of scenarios by databases.
import type { TestOutcome } from "./results.ts";

const marks: Readonly<Partial<Record<TestOutcome["status"], string>>> = { passed: "ok", failed: "FAILED" };
const suite = /^(?<group>.+) on (?<database>MySQL|PostgreSQL)$/;
const databases = ["MySQL", "PostgreSQL"] as const;
/** The reason that a scenario was not run stands behind its title. */
const reason = / \(.*\)$/s;

/** What the scenarios were run with, in the words of their tests. */
export function describeVersions(outcomes: readonly TestOutcome[]): string {
  const told = outcomes.flatMap(({ meta }) => [meta["python"], meta["server"]]);
  return [...new Set(told.filter((each) => typeof each === "string"))].join(", ");
}

/** Every scenario below its group, with `ok`, `FAILED`, `?` (not run) or `-` (about the other database). */
export function describeScenarios(outcomes: readonly TestOutcome[]): string {
  const groups = Map.groupBy(
    outcomes,
    ({ suites }) => suite.exec(suites[0] ?? "")?.groups?.["group"] ?? suites[0] ?? "",
  );
  const lines: (readonly [string, ...string[]])[] = [["", ...databases]];
  for (const [group, tests] of groups) {
    lines.push([group === "" ? "other" : group]);
    const titleOf = ({ status, title }: TestOutcome): string => (status in marks ? title : title.replace(reason, ""));
    for (const [title, runs] of Map.groupBy(tests, titleOf)) {
      const cells = databases.map((database) => {
        const run = runs.find(
          ({ suites }) => (suite.exec(suites[0] ?? "")?.groups?.["database"] ?? database) === database,
        );
        return run === undefined ? "-" : (marks[run.status] ?? "?");
      });
      lines.push([`  ${title}`, ...cells]);
    }
  }
  const width = Math.max(...lines.map(([title]) => title.length));
  return lines
    .map(([title, ...cells]) => [title.padEnd(width), ...cells.map((cell) => cell.padEnd(10))].join("  ").trimEnd())
    .join("\n");
}
