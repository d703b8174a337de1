import { readFile } from "node:fs/promises";
import type { TestOutcome } from "./results.ts";

/** Ids of the case lists of the format and of the relational layer, by list. */
type CaseLists = Readonly<Record<string, readonly string[]>>;

const idPattern = /\b(?:[A-Z]\d{2}|R-\d{3})\b/g;

export interface Coverage {
  readonly list: string;
  readonly covered: readonly string[];
  readonly missing: readonly string[];
}

/** Which required ids stand in the name of a test that ran and passed. */
export async function coverage(outcomes: readonly TestOutcome[], path: string): Promise<readonly Coverage[]> {
  const lists = JSON.parse(await readFile(path, "utf8")) as CaseLists;
  const named = new Set(
    outcomes.filter((test) => test.status === "passed").flatMap((test) => test.name.match(idPattern) ?? []),
  );
  return Object.entries(lists).map(([list, rows]) => {
    const ids = rows.flatMap((row) => row.split(" "));
    return { list, covered: ids.filter((id) => named.has(id)), missing: ids.filter((id) => !named.has(id)) };
  });
}

/** `A01 … A51 (51)` per section, so that the list stays readable. */
export function describeCoverage(coverages: readonly Coverage[]): string {
  return coverages
    .map(({ list, covered, missing }) => {
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
