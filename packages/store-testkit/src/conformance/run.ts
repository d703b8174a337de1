import type { ObjectKey, ObjectStore, StoreCapabilities } from "@mortise/core";
import { parseKey } from "@mortise/core";
import type { ConformanceCase } from "./case.ts";
import { applies, createContext } from "./case.ts";
import { conformanceCases } from "./cases.ts";

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
}

/** Which cases a store must pass, and which it is excused from by what it declares. */
export interface ConformanceSummary {
  readonly capabilities: StoreCapabilities;
  readonly applicable: readonly ConformanceCase[];
  readonly excused: readonly ConformanceCase[];
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
  const summary = await conformanceSummary(options.open);
  options.describe(`${options.name}: store conformance`, () => {
    for (const each of summary.applicable) {
      options.it(`${each.id}: ${each.title}`, () => runConformanceCase(each, options.open));
    }
  });
  return summary;
}

/** Asks a store for its capabilities. It may find out only when it first writes, so this writes and deletes one object. */
export async function conformanceSummary(open: OpenStore): Promise<ConformanceSummary> {
  await using store = await open();
  const probe = parseKey(`conformance/${crypto.randomUUID()}`);
  await store.put(probe, new Uint8Array(1));
  await store.delete(probe);
  const { capabilities } = store;
  const cases = conformanceCases();
  return {
    capabilities,
    applicable: cases.filter((each) => applies(each.requires, capabilities)),
    excused: cases.filter((each) => !applies(each.requires, capabilities)),
  };
}

/** Runs one case on a store of its own, in a part of it that nobody else uses, and removes what it left. */
export async function runConformanceCase(each: ConformanceCase, open: OpenStore): Promise<void> {
  const context = createContext(await open());
  try {
    await each.run(context);
  } finally {
    await context.store.close();
    await removeAll(await open(), context.prefix);
  }
}

async function removeAll(opened: ObjectStore, prefix: string): Promise<void> {
  await using store = opened;
  const keys: ObjectKey[] = [];
  for await (const page of store.list({ prefix })) keys.push(...page.objects.map((info) => info.key));
  await store.deleteMany(keys);
}
