import type { ObjectKey, ObjectStore, StoreCapabilities } from "@mortise/core";
import { parseKey } from "@mortise/core";
import { abortUploads } from "@mortise/store-kit";
import type { ConformanceCase, StoreFeatures } from "./case.ts";
import { applies, createContext, featuresOf } from "./case.ts";
import { conformanceCases } from "./cases.ts";
import type { ServerDefect, SkippedCase } from "./defects.ts";
import { excuse } from "./defects.ts";

/** Opens the store under test: once before the suite and once for every case, which closes it. */
export type OpenStore = () => Promise<ObjectStore> | ObjectStore;

/** What a test runner must have: vitest's and `node:test`'s functions do. */
export interface TestRunner {
  describe(name: string, body: () => void): unknown;
  it(name: string, body: () => Promise<void>): unknown;
}

export interface ConformanceOptions extends TestRunner {
  /** What the store is called in the report. */
  readonly name: string;
  readonly open: OpenStore;
  /** What the server under the store is known to do wrong; every case that is not run for it is in the summary. */
  readonly defects?: readonly ServerDefect[] | undefined;
}

/** Which cases a store must pass, and which it is excused from by what it declares. */
export interface ConformanceSummary {
  readonly capabilities: StoreCapabilities;
  readonly features: StoreFeatures;
  /** What is run, and what would be if the server had no defects. */
  readonly applicable: readonly ConformanceCase[];
  /** Excused by what the store declares. */
  readonly excused: readonly ConformanceCase[];
  /** Of the applicable cases those that a defect of the server excuses, with the defect. */
  readonly skipped: readonly SkippedCase[];
}

/**
 * Registers one test per rule that the store's capabilities do not excuse it from:
 *
 * ```ts
 * import { describe, it } from "vitest";
 * await storeConformance({ name: "my store", describe, it, open: () => openMyStore(options) });
 * ```
 */
export async function storeConformance(options: ConformanceOptions): Promise<ConformanceSummary> {
  const summary = await conformanceSummary(options.open, options.defects);
  const skipped = new Set(summary.skipped.map((each) => each.case));
  options.describe(`${options.name}: store conformance`, () => {
    for (const each of summary.applicable.filter((candidate) => !skipped.has(candidate))) {
      options.it(`${each.id}: ${each.title}`, () => runConformanceCase(each, options.open));
    }
  });
  return summary;
}

/** Asks a store for its capabilities. It may find out only when it first writes, so this writes and deletes one object. */
export async function conformanceSummary(
  open: OpenStore,
  defects: readonly ServerDefect[] = [],
): Promise<ConformanceSummary> {
  await using store = await open();
  const probe = parseKey(`conformance/${crypto.randomUUID()}`);
  await store.put(probe, new Uint8Array(1));
  await store.delete(probe);
  const { capabilities } = store;
  const features = featuresOf(store);
  const cases = conformanceCases();
  const applicable = cases.filter((each) => applies(each.requires, capabilities, features));
  return {
    capabilities,
    features,
    applicable,
    excused: cases.filter((each) => !applicable.includes(each)),
    skipped: excuse(cases, applicable, defects),
  };
}

/** Runs one case on a store of its own, in a part of it that nobody else uses, and removes what it left. */
export async function runConformanceCase(each: ConformanceCase, open: OpenStore): Promise<void> {
  const others: ObjectStore[] = [];
  const context = createContext(await open(), async () => {
    const other = await open();
    others.push(other);
    return other;
  });
  // Whatever fails, the rest is done, and the first failure is told: that of the case says most.
  const outcomes = [
    await settled(each.run(context)),
    ...(await Promise.all([context.store, ...others].map((store) => settled(store.close())))),
    await settled(removeAll(open, context.prefix)),
  ];
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
}

async function settled(work: Promise<void>): Promise<PromiseSettledResult<void>> {
  const [outcome] = await Promise.allSettled([work]);
  return outcome;
}

/** Uploads begun "in the future" by a server whose clock is ahead are removed, too. Milliseconds. */
const clockTolerance = 24 * 60 * 60 * 1000;

async function removeAll(open: OpenStore, prefix: string): Promise<void> {
  await using store = await open();
  await abortUploads(store, { prefix, olderThanMs: -clockTolerance }).catch(() => 0);
  const keys: ObjectKey[] = [];
  for await (const page of store.list({ prefix })) keys.push(...page.objects.map((info) => info.key));
  await store.deleteMany(keys);
}
