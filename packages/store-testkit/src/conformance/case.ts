import type { Bytes, ObjectInfo, ObjectKey, ObjectStore, StoreCapabilities } from "@mortise/core";
import { parseKey } from "@mortise/core";
import { chunksOf, collect } from "@mortise/store-kit";

/** What a case needs of a store. Nothing else excuses a store from a case. */
export type Requirement =
  | "create"
  | "no-create"
  | "ifMatch"
  | "no-ifMatch"
  | "conditionalDelete"
  | "no-conditionalDelete"
  | "metadata"
  | "no-metadata"
  | "no-crc64nvme"
  | "caseSensitive"
  | "bulkDeleteBlind"
  | "no-bulkDeleteBlind"
  | "multipart"
  | "presign"
  | "prepare";

/** The operations that a store may lack without a capability that says so. */
export interface StoreFeatures {
  readonly multipart: boolean;
  readonly prepare: boolean;
}

/** What a store has of them. */
export function featuresOf(store: Pick<ObjectStore, "multipart" | "prepare">): StoreFeatures {
  return { multipart: store.multipart !== undefined, prepare: store.prepare !== undefined };
}

const requirements: Readonly<Record<Requirement, (can: StoreCapabilities, has: StoreFeatures) => boolean>> = {
  create: (can) => can.putModes.has("create"),
  "no-create": (can) => !can.putModes.has("create"),
  ifMatch: (can) => can.putModes.has("ifMatch"),
  "no-ifMatch": (can) => !can.putModes.has("ifMatch"),
  conditionalDelete: (can) => can.conditionalDelete,
  "no-conditionalDelete": (can) => !can.conditionalDelete,
  metadata: (can) => can.metadata,
  "no-metadata": (can) => !can.metadata,
  "no-crc64nvme": (can) => !can.checksums.has("crc64nvme"),
  caseSensitive: (can) => can.caseSensitive,
  bulkDeleteBlind: (can) => can.bulkDeleteBlind === true,
  "no-bulkDeleteBlind": (can) => can.bulkDeleteBlind !== true,
  multipart: (_, has) => has.multipart,
  presign: (can) => can.presign.size > 0,
  prepare: (_, has) => has.prepare,
};

const nothing: StoreFeatures = { multipart: false, prepare: false };

/** Whether a store of these capabilities and operations must pass a case with these requirements. */
export function applies(needs: readonly Requirement[], can: StoreCapabilities, has: StoreFeatures = nothing): boolean {
  return needs.every((need) => requirements[need](can, has));
}

/** What a case works with: a store, and a part of it that is its own. */
export interface CaseContext {
  readonly store: ObjectStore;
  /** Ends in a slash; nothing else is below it. */
  readonly prefix: string;
  /** A key below the prefix. */
  readonly key: (name: string) => ObjectKey;
  /** The store opened once more, as by another process; closed after the case. */
  readonly another: () => Promise<ObjectStore>;
}

/** One rule of the contract. */
export interface ConformanceCase {
  /** `concern.rule`, never reused for another rule. */
  readonly id: string;
  readonly title: string;
  readonly requires: readonly Requirement[];
  /** Rejects if the store breaks the rule. */
  run(context: CaseContext): Promise<void>;
}

export type CaseBody = (context: CaseContext) => Promise<void>;
/** Rule, title, what it does, and what it needs. */
export type CaseRow = readonly [rule: string, title: string, body: CaseBody, ...requires: Requirement[]];

/** The cases of one concern. */
export function defineCases(concern: string, rows: readonly CaseRow[]): readonly ConformanceCase[] {
  return rows.map(([rule, title, run, ...requires]) => ({ id: `${concern}.${rule}`, title, requires, run }));
}

/** A context whose part of the store nobody else uses. */
export function createContext(store: ObjectStore, another: () => Promise<ObjectStore>): CaseContext {
  const prefix = `conformance/${crypto.randomUUID()}/`;
  return { store, prefix, key: (name) => parseKey(prefix + name), another };
}

/** Bytes that differ from their neighbours and, by the seed, from other bodies: what is swapped or shifted is seen. */
export function pattern(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  for (let index = 0; index < length; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}

export const text = (value: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(value);

/** The whole object. */
export async function readAll(store: ObjectStore, key: ObjectKey): Promise<Bytes> {
  return await (await store.get(key)).bytes();
}

/** The whole object through its stream. */
export async function readStream(store: ObjectStore, key: ObjectKey): Promise<Bytes> {
  await using result = await store.get(key);
  return await collect(chunksOf(result.body));
}

/** All objects of a listing. */
export async function listAll(store: ObjectStore, prefix: string): Promise<readonly ObjectInfo[]> {
  const found: ObjectInfo[] = [];
  for await (const page of store.list({ prefix })) found.push(...page.objects);
  return found;
}

/** The chunks as a source that can be read once. */
export async function* generate(...chunks: readonly Bytes[]): AsyncGenerator<Bytes> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}
