/** What one store does with one rule: it is tried, or there is a reason why not. */
export interface RuleOutcome {
  /** `concern.rule`. */
  readonly id: string;
  /** `excused`: by what the store declares or the probe found. `defect`: by a defect of the server, named in `defects/`. */
  readonly state: "tried" | "excused" | "defect";
  /** Why it is not tried. */
  readonly reason?: string | undefined;
}

/** What a conformance test file tells the commands that print tables, as `meta` of one of its tests. */
export interface ConformanceMeta {
  readonly store: string;
  readonly rules: readonly RuleOutcome[];
}

/** The title of a suite that holds a store's rules, one test each. */
export const suiteTitle = (store: string): string => `${store}: store conformance`;

/** Counts for `skips.json`: excuses by reason, and the named defects. */
export interface Skips {
  readonly excused: Readonly<Record<string, number>>;
  readonly defects: readonly string[];
}

export function skipsOf(rules: readonly RuleOutcome[]): Skips {
  const excused: Record<string, number> = {};
  for (const { state, reason = "" } of rules) {
    if (state === "excused") excused[reason] = (excused[reason] ?? 0) + 1;
  }
  return { excused, defects: rules.filter(({ state }) => state === "defect").map(({ id }) => id) };
}
