import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ObjectStore } from "@mortise/core";
import {
  applies,
  type ConformanceCase,
  conformanceCases,
  conformanceSummary,
  type OpenStore,
  runConformanceCase,
} from "@mortise/store-testkit";
import { afterAll, describe, expect, it } from "vitest";
import type { Requirement } from "../../support/machine.ts";
import { type ConformanceMeta, type Defects, type RuleOutcome, type Skips, skipsOf, suiteTitle } from "./outcome.ts";

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
  /** Rules that the server is known to break. */
  readonly defects?: Defects | undefined;
}

/** Registers the whole conformance suite for a store, and the tests that keep its skips honest. */
export async function testConformance({ name, needs, start, defects = {} }: Subject): Promise<void> {
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
  const { capabilities, applicable } = await conformanceSummary(open);
  const tried = applicable.filter(({ id }) => defects[id] === undefined);
  const broken = applicable.filter(({ id }) => defects[id] !== undefined);

  describe(suiteTitle(name), () => {
    for (const each of tried) it(`${each.id}: ${each.title}`, () => runConformanceCase(each, open));
  });

  describe(`${name}: what is skipped`, () => {
    for (const each of broken) {
      // A server that was repaired must not stay excused.
      it(`${each.id} is still broken: ${defects[each.id]}`, async () => {
        await expect(runConformanceCase(each, open)).rejects.toThrow(/./);
      });
    }

    it("names no defect of a rule that is unknown, or excused anyway", () => {
      expect(Object.keys(defects).sort()).toEqual(broken.map(({ id }) => id).sort());
    });

    it("is what skips.json records: a change there is made on purpose", async ({ task }) => {
      const rules = conformanceCases().map((each): RuleOutcome => {
        if (!applicable.some(({ id }) => id === each.id))
          return { id: each.id, state: "excused", reason: excuse(each, capabilities) };
        const reason = defects[each.id];
        return reason === undefined ? { id: each.id, state: "tried" } : { id: each.id, state: "defect", reason };
      });
      Object.assign(task.meta, { conformance: { store: name, rules } satisfies ConformanceMeta });
      const recorded = JSON.parse(await readFile(join(import.meta.dirname, "skips.json"), "utf8")) as Readonly<
        Record<string, Skips>
      >;
      expect(skipsOf(rules)).toEqual(recorded[name]);
    });
  });
}

/** What the rule needs and the store has not. */
function excuse({ requires }: ConformanceCase, capabilities: ObjectStore["capabilities"]): string {
  const unmet = requires.filter((need) => !applies([need], capabilities));
  return unmet
    .map((need) => (need.startsWith("no-") ? `for stores without ${need.slice(3)}` : `needs ${need}`))
    .join(", ");
}
