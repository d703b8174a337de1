import type {
  Bytes,
  MinimalStore,
  ObjectKey,
  OperationOptions,
  PutMode,
  PutResult,
  StoreErrorCode,
} from "@mortise/core";
import { isStoreError, parseKey } from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import { collect } from "../streams/collect.ts";
import { chunksOf } from "../streams/source.ts";
import type { ProbeFinding } from "./contract.ts";

/** What every test of the probe works with. */
export interface ProbeContext {
  readonly store: MinimalStore;
  readonly site: OperationSite;
  readonly call: OperationOptions;
  /** Findings so far. */
  readonly findings: ProbeFinding[];
  /** A key of the probe's own; it is remembered, and what is there is removed at the end. */
  key(name: string): ObjectKey;
  readonly keys: ReadonlySet<ObjectKey>;
}

/** A context whose folder nobody else uses. */
export function probeContext(
  store: MinimalStore,
  site: OperationSite,
  prefix: string,
  call: OperationOptions,
): ProbeContext {
  const folder = `${prefix}${crypto.randomUUID()}/`;
  const keys = new Set<ObjectKey>();
  return {
    store,
    site,
    call,
    findings: [],
    keys,
    key(name) {
      const key = parseKey(folder + name);
      keys.add(key);
      return key;
    },
  };
}

/** A body of 64 bytes that no other label gives: what is read back tells which write won. */
export function bodyOf(label: string): Bytes {
  return new TextEncoder().encode(`mortise probe ${label} `.padEnd(64, "."));
}

/** A plain write. */
export function write(context: ProbeContext, key: ObjectKey, label: string, mode?: PutMode): Promise<PutResult> {
  return context.store.put(key, bodyOf(label), { ...context.call, mode });
}

/** What is there, as text; undefined where nothing is. */
export async function readBack(context: ProbeContext, key: ObjectKey): Promise<string | undefined> {
  try {
    const result = await context.store.get(key, context.call);
    return new TextDecoder().decode(await collect(chunksOf(result.body)));
  } catch (error) {
    if (isStoreError(error, "not-found")) return undefined;
    throw error;
  }
}

/** Whether what is there is what was written with `label`. */
export async function holds(context: ProbeContext, key: ObjectKey, label: string): Promise<boolean> {
  return (await readBack(context, key)) === new TextDecoder().decode(bodyOf(label));
}

/** How a request ended that the store should refuse. */
export type Outcome = "accepted" | StoreErrorCode;

/** Failures that say nothing about what a server can do are thrown: the probe is then repeated another time. */
export async function outcomeOf(work: Promise<unknown>): Promise<Outcome> {
  try {
    await work;
    return "accepted";
  } catch (error) {
    if (!isStoreError(error) || error.retryable || error.code === "aborted") throw error;
    return error.code;
  }
}
