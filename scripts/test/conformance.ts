// What the conformance tests of all stores found, as a table of rules by stores.
import { type ConformanceMeta, type RuleOutcome, suiteTitle } from "../../integration/stores/conformance/outcome.ts";
import type { TestOutcome } from "./results.ts";

type Cell = "passed" | "failed" | "not run" | "excused" | "defect";

/** One store of the table. */
export interface Column {
  readonly store: string;
  /** Rules by id, in the order of the suite. */
  readonly cells: ReadonlyMap<string, Cell>;
  /** Why the store could not be run at all. */
  readonly problem: string | undefined;
  readonly skips: readonly RuleOutcome[];
}

// Packages run the suite beside their sources too; the table shows the runs whose skips are recorded.
const folder = "integration/stores/conformance/";
const suitePattern = new RegExp(`^${suiteTitle("(.+)")}$`);
const problemPattern = /\((.+)\)$/;
const marks: Readonly<Record<Cell, string>> = {
  passed: "ok",
  failed: "FAILED",
  "not run": "?",
  excused: "-",
  defect: "defect",
};

/** The stores whose suite stands in the outcomes, by name. */
export function readColumns(outcomes: readonly TestOutcome[]): readonly Column[] {
  const metas = outcomes.flatMap(({ meta }) => (meta["conformance"] as ConformanceMeta | undefined) ?? []);
  const here = outcomes.filter(({ file }) => file.replaceAll("\\", "/").includes(folder));
  const byStore = Map.groupBy(here, ({ suites }) => suitePattern.exec(suites[0] ?? "")?.[1] ?? "");
  byStore.delete("");
  const stores = [...byStore].sort(([a], [b]) => a.localeCompare(b, "en"));
  return stores.map(([store, tests]) => {
    const rules = metas.find((meta) => meta.store === store)?.rules ?? [];
    const states = new Map(tests.map(({ title, status }) => [title.split(": ")[0] ?? "", status]));
    const skips = rules.filter(({ state }) => state !== "tried");
    const cells = new Map<string, Cell>(rules.map(({ id, state }) => [id, state === "tried" ? "not run" : state]));
    for (const [id, status] of states) {
      if (id.includes(".")) cells.set(id, status === "passed" ? "passed" : status === "failed" ? "failed" : "not run");
    }
    const problem = rules.length === 0 ? tests.find(({ status }) => status === "skipped")?.title : undefined;
    return { store, cells: problem === undefined ? cells : new Map(), skips, problem: reasonOf(problem) };
  });
}

const reasonOf = (title: string | undefined): string | undefined =>
  title === undefined ? undefined : (problemPattern.exec(title)?.[1] ?? title);

const count = (cells: Iterable<Cell>, wanted: Cell): number => [...cells].filter((cell) => cell === wanted).length;

/** One line per store: how many rules it kept, and how many it was not asked to. */
export function describeTotals(columns: readonly Column[]): string {
  const rows = columns.map(({ store, cells, problem }) => {
    if (problem !== undefined) return [store, `not run: ${problem}`];
    const [failed, ...rest] = (["failed", "passed", "excused", "defect"] as const).map((cell) =>
      count(cells.values(), cell),
    );
    const [passed = 0, excused = 0, defects = 0] = rest;
    const failures = failed === 0 ? "" : `, ${failed} FAILED`;
    return [
      store,
      `${passed} of ${cells.size} rules kept, ${excused} excused, ${defects} broken by named defects${failures}`,
    ];
  });
  return alignLeft(rows);
}

/** Every rule with its result in every store, below the counts of its concern. */
export function describeTable(columns: readonly Column[]): string {
  const ids = [...new Set(columns.flatMap(({ cells }) => [...cells.keys()]))];
  const concerns = Map.groupBy(ids, (id) => id.split(".")[0] ?? "");
  const rows = [["", ...columns.map(({ store }) => store)]];
  for (const [concern, rules] of concerns) {
    const counts = columns.map(({ cells, problem }) => {
      if (problem !== undefined) return "not run";
      const found = rules.flatMap((id) => cells.get(id) ?? []);
      return `${count(found, "passed")}/${found.length}`;
    });
    rows.push([concern, ...counts]);
    for (const id of rules) {
      rows.push([`  ${id}`, ...columns.map(({ cells }) => marks[cells.get(id) ?? "not run"])]);
    }
  }
  return alignLeft(rows);
}

/** Why rules were not tried: excuses by reason, then each named defect. */
export function describeSkips(columns: readonly Column[]): string {
  return columns
    .flatMap(({ store, skips }) => {
      const excuses = Map.groupBy(
        skips.filter(({ state }) => state === "excused"),
        ({ reason }) => reason ?? "",
      );
      const defects = skips.filter(({ state }) => state === "defect");
      return [
        ...(skips.length === 0 ? [] : [`${store}:`]),
        ...[...excuses].map(([reason, rules]) => `  ${reason}: ${rules.map(({ id }) => id).join(", ")}`),
        ...defects.map(({ id, reason }) => `  defect of the server, ${id}: ${reason}`),
      ];
    })
    .join("\n");
}

function alignLeft(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, text] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, text.length);
  }
  return rows
    .map((row) =>
      row
        .map((text, index) => text.padEnd(widths[index] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
