import type { ConformanceCase } from "./case.ts";

/** Something that a server does wrong, so that no store on it can keep some rules. */
export interface ServerDefect {
  /** Stable, for example the id of a probe's finding. */
  readonly id: string;
  /** What the server does, for the report. */
  readonly reason: string;
  /** Ids of the cases that it excuses. */
  readonly cases: readonly string[];
}

/** A case that is not run although the store's capabilities demand it. */
export interface SkippedCase {
  readonly case: ConformanceCase;
  readonly defect: ServerDefect;
}

/**
 * The cases that apply and that a defect excuses. Throws for a defect that excuses
 * nothing: a case that does not exist, does not apply, or is excused already. Otherwise excuses outlive their reasons.
 */
export function excuse(
  cases: readonly ConformanceCase[],
  applicable: readonly ConformanceCase[],
  defects: readonly ServerDefect[],
): readonly SkippedCase[] {
  const skipped = new Map<string, SkippedCase>();
  for (const defect of defects) {
    for (const id of defect.cases) {
      const found = applicable.find((each) => each.id === id);
      const known = cases.some((each) => each.id === id);
      if (found === undefined) {
        throw new Error(
          `defect "${defect.id}" excuses "${id}", ${known ? "which does not apply to this store" : "which is no case"}`,
        );
      }
      if (skipped.has(id)) throw new Error(`defect "${defect.id}" excuses "${id}", which is excused already`);
      skipped.set(id, { case: found, defect });
    }
  }
  return [...skipped.values()];
}
