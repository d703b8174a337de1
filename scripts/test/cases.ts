import { readFile } from "node:fs/promises";
import type { TestOutcome } from "./results.ts";

/** Ids of the case lists of the format and of the relational layer, by list. */
type CaseLists = Readonly<Record<string, readonly string[]>>;

/** The servers that the relational cases have to pass on, by the names that their projects tell; and their kind. */
const servers: readonly (readonly [name: string, backend: "mysql" | "postgresql"])[] = [
  ["mysql:9.7", "mysql"],
  ["MariaDB 10.11", "mysql"],
  ["postgres:18", "postgresql"],
  ["PostgreSQL 15", "postgresql"],
];
const onServers = "relational on a server";
const onOne = { mysql: "relational on mysql", postgresql: "relational on postgresql" } as const;

const idPattern = /\b(?:[A-Z]\d{2}|R-\d{3})\b/g;

export interface Coverage {
  readonly list: string;
  readonly covered: readonly string[];
  readonly missing: readonly string[];
  /** False for a server that no test ran on: what it misses is told as tests that were not run. */
  readonly run: boolean;
}

/** Which required ids stand in the name of a test that ran and passed: on this machine, and on each server. */
export async function coverage(outcomes: readonly TestOutcome[], path: string): Promise<readonly Coverage[]> {
  return coverageOf(outcomes, JSON.parse(await readFile(path, "utf8")) as CaseLists);
}

/** The same of lists that are read already. */
export function coverageOf(outcomes: readonly TestOutcome[], lists: CaseLists): readonly Coverage[] {
  const byServer = Map.groupBy(outcomes, ({ meta }) => meta["server"]);
  const idsOf = (...names: readonly string[]): readonly string[] =>
    names.flatMap((name) => (lists[name] ?? []).flatMap((row) => row.split(" ")));
  const here = Object.keys(lists).filter((name) => name !== onServers && !Object.values<string>(onOne).includes(name));
  return [
    ...here.map((list) => compare(list, idsOf(list), byServer.get(undefined))),
    ...servers.map(([name, backend]) =>
      compare(`relational on ${name}`, idsOf(onServers, onOne[backend]).toSorted(), byServer.get(name)),
    ),
  ];
}

function compare(list: string, ids: readonly string[], outcomes: readonly TestOutcome[] = []): Coverage {
  const passed = outcomes.filter(({ status }) => status === "passed");
  const named = new Set(passed.flatMap(({ name }) => name.match(idPattern) ?? []));
  return {
    list,
    covered: ids.filter((id) => named.has(id)),
    missing: ids.filter((id) => !named.has(id)),
    run: outcomes.length > 0,
  };
}

/** `A01 … A51 (51)` per section, so that the list stays readable. */
export function describeCoverage(coverages: readonly Coverage[]): string {
  return coverages
    .map(({ list, covered, missing, run }) => {
      if (!run) return `cases, ${list}: NOT RUN on this machine`;
      const total = covered.length + missing.length;
      const tail = missing.length === 0 ? "none missing" : `MISSING: ${missing.join(" ")}`;
      return `cases, ${list}: ${covered.length} of ${total} covered, ${tail}\n  ${wrap(covered)}`;
    })
    .join("\n");
}

function wrap(ids: readonly string[]): string {
  const lines: string[] = [];
  for (let start = 0; start < ids.length; start += 24) lines.push(ids.slice(start, start + 24).join(" "));
  return lines.join("\n  ");
}
