import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  applies,
  type ConformanceCase,
  type ConformanceSummary,
  conformanceCases,
  type OpenStore,
  runConformanceCase,
  type ServerDefect,
  storeConformance,
} from "@mortise/store-testkit";
import { afterAll, describe, expect, it } from "vitest";
import type { Requirement } from "../../support/machine.ts";
import { type ConformanceMeta, type RuleOutcome, type Skips, skipsOf, suiteTitle } from "./outcome.ts";

/** A store under test, and what has to run for it. */
export interface RunningStore extends AsyncDisposable {
  readonly open: OpenStore;
}

export interface Subject {
  /** Column of the table. */
  readonly name: string;
  /** What the machine must have; without it the suite is reported as not run, with the reason. */
  readonly needs?: Requirement | undefined;
  /** Starts what the store needs. */
  readonly start: () => Promise<RunningStore>;
  /** What the server is known to do wrong. */
  readonly defects?: readonly ServerDefect[] | undefined;
}

/** Registers the whole conformance suite for a store, and the tests that keep its skips honest. */
export async function testConformance({ name, needs, start, defects = [] }: Subject): Promise<void> {
  if (needs?.met === false) {
    // Not run only where the machine lacks something; the test command lists it, and fails with CI=true.
    describe(suiteTitle(name), () => {
      it.skip(`every rule (${needs.reason})`);
    });
    return;
  }
  const running = await start();
  afterAll(() => running[Symbol.asyncDispose]());
  const { open } = running;
  const summary = await storeConformance({ name, describe, it, open, defects });

  describe(`${name}: what is skipped`, () => {
    for (const { case: each, defect } of summary.skipped) {
      // A server that was repaired must not stay excused.
      it(`${each.id} is still broken: ${defect.reason}`, async () => {
        await expect(runConformanceCase(each, open)).rejects.toThrow(/./);
      });
    }

    it("is what skips.json records: a change there is made on purpose", async ({ task }) => {
      const rules = conformanceCases().map((each) => outcomeOf(each, summary));
      Object.assign(task.meta, { conformance: { store: name, rules } satisfies ConformanceMeta });
      const text = await readFile(join(import.meta.dirname, "skips.json"), "utf8");
      const recorded = JSON.parse(text) as Readonly<Record<string, Skips>>;
      expect(skipsOf(rules)).toEqual(recorded[name]);
    });
  });
}

function outcomeOf(
  each: ConformanceCase,
  { applicable, skipped, capabilities, features }: ConformanceSummary,
): RuleOutcome {
  const skip = skipped.find((candidate) => candidate.case.id === each.id);
  if (skip !== undefined) return { id: each.id, state: "defect", reason: skip.defect.reason };
  if (applicable.some(({ id }) => id === each.id)) return { id: each.id, state: "tried" };
  const unmet = each.requires.filter((need) => !applies([need], capabilities, features));
  const reasons = unmet.map((need) =>
    need.startsWith("no-") ? `for stores without ${need.slice(3)}` : `needs ${need}`,
  );
  return { id: each.id, state: "excused", reason: reasons.join(", ") };
}
