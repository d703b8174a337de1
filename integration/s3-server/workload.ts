// Writes, reads and deletes on a server that may do anything, with an account of what was acknowledged: at the end the
// server's true content must be one that this account allows.
import { inspect } from "node:util";
import { isStoreError, type ObjectKey, type ObjectStore, type StoreError } from "@mortise/core";
import { randomFrom } from "./faults/fault.ts";
import { absent, digest, keys, type Possible, type Step, type Workbench, type WorkloadOptions } from "./workbench.ts";
import { listings } from "./workload-listings.ts";
import { uploads } from "./workload-uploads.ts";

export interface WorkloadReport {
  /** Everything that must not be. */
  readonly violations: readonly string[];
  readonly done: number;
  /** Error codes and how often they came. */
  readonly errors: Readonly<Record<string, number>>;
}

/** Codes of refusals, after which nothing has changed. */
const definite: ReadonlySet<string> = new Set([
  "already-exists",
  "precondition-failed",
  "unsupported",
  "invalid-config",
]);

/** One operation after the other on few keys, chosen by a seed. */
export async function runWorkload(store: ObjectStore, options: WorkloadOptions): Promise<WorkloadReport> {
  const random = randomFrom(options.seed);
  const violations: string[] = [];
  const errors: Record<string, number> = {};
  const account = new Map<ObjectKey, Possible>(keys.map((key) => [key, new Set([absent])]));
  let done = 0;

  const possible = (key: ObjectKey): Possible => account.get(key) ?? new Set();
  const pick = (): ObjectKey => keys[Math.floor(random() * keys.length)] as ObjectKey;
  const body = (): Uint8Array<ArrayBuffer> =>
    Uint8Array.from({ length: 2 + Math.floor(random() * 4000) }, () => Math.floor(random() * 256));

  const noteError = (what: string, error: unknown): StoreError | undefined => {
    if (!isStoreError(error)) {
      violations.push(`${what} rejected with no store error: ${inspect(error)}`);
      return undefined;
    }
    errors[error.code] = (errors[error.code] ?? 0) + 1;
    if (error.code === "unknown") violations.push(`${what} rejected without a cause: ${error.message}`);
    if (!error.hint) violations.push(`${what} rejected without a hint: ${error.code}: ${error.message}`);
    return error;
  };
  const noteRemoval: Workbench["noteRemoval"] = (key, outcome) => {
    const settled = outcome === "deleted" || outcome === "absent";
    if (!settled) noteError(`deleteMany of ${key}`, outcome);
    account.set(key, new Set(settled ? [absent] : [...possible(key), absent]));
  };
  const write = async (
    what: string,
    key: ObjectKey,
    content: string,
    work: () => Promise<unknown>,
  ): Promise<boolean> => {
    const before = possible(key);
    try {
      await work();
      done++;
      account.set(key, new Set([content]));
      return true;
    } catch (error) {
      const code = noteError(what, error)?.code ?? "";
      if (!definite.has(code)) account.set(key, new Set([...before, content]));
      return false;
    }
  };

  const violate = (text: string): void => void violations.push(text);
  const bench = { store, options, random, pick, body, possible, noteRemoval, violate, noteError, write };
  const steps: readonly Step[] = [
    ...uploads(bench),
    ...listings(bench),
    async () => {
      const [key, bytes] = [pick(), body()];
      await write(`put ${key}`, key, digest(bytes), () => store.put(key, bytes));
    },
    async () => {
      const [key, bytes] = [pick(), body()];
      const was = possible(key);
      const won = await write(`create ${key}`, key, digest(bytes), () => store.put(key, bytes, { mode: "create" }));
      if (won && !was.has(absent)) violations.push(`create of ${key} wrote over an object`);
    },
    async () => {
      const key = pick();
      const info = await store.head(key).catch((error: unknown) => void noteError(`head ${key}`, error));
      if (!info?.etag) return;
      const bytes = body();
      const stale = random() < 0.5;
      const ifMatch = stale ? '"ffffffffffffffffffffffffffffffff"' : info.etag;
      const won = await write(`replace ${key}`, key, digest(bytes), () => store.put(key, bytes, { mode: { ifMatch } }));
      if (won && stale) violations.push(`put of ${key} with a wrong validator wrote over it`);
    },
    async () => {
      const key = pick();
      await write(`delete ${key}`, key, absent, () => store.delete(key));
    },
    async () => {
      const key = pick();
      const stale = { ifMatch: '"ffffffffffffffffffffffffffffffff"' };
      const won = await store
        .delete(key, stale)
        .catch((error: unknown) => void noteError(`delete ${key} stale`, error));
      // Where nothing was there, it can't be told after a lost answer who removed it.
      if (won === "deleted" && !possible(key).has(absent))
        violations.push(`delete of ${key} with a wrong validator removed it`);
      if (won !== undefined) noteRemoval(key, won);
    },
    async () => {
      const chosen = [...new Set([pick(), pick(), pick()])];
      await store.deleteMany(chosen, { onOutcome: noteRemoval }).catch((error: unknown) => {
        const failure = noteError("deleteMany", error);
        if (failure !== undefined) for (const key of chosen) noteRemoval(key, failure);
      });
    },
    async () => {
      const [from, to] = [pick(), pick()];
      if (from === to || possible(from).size !== 1 || possible(from).has(absent)) return;
      const [content = ""] = possible(from);
      await write(`copy ${from} to ${to}`, to, content, () => store.copy(from, to));
    },
    async () => {
      const key = pick();
      const [only] = possible(key);
      const certain = possible(key).size === 1 && only !== undefined && only !== absent;
      const verify = options.verify === true && certain ? { md5: only } : undefined;
      if (options.verify === true && verify === undefined) return;
      try {
        await using result = await store.get(key, verify === undefined ? {} : { verify });
        const found = digest(await result.bytes());
        if (!possible(key).has(found)) violations.push(`get of ${key} gave other bytes than were written`);
      } catch (error) {
        const code = noteError(`get ${key}`, error)?.code;
        if (code === "not-found" && !possible(key).has(absent)) violations.push(`get of ${key} found nothing`);
      }
    },
    async () => {
      const key = pick();
      const truth = options.truth().get(key);
      if (truth === undefined || options.verify === true) return;
      const offset = Math.floor(random() * truth.byteLength);
      const length = 1 + Math.floor(random() * 1000);
      try {
        await using result = await store.get(key, { range: { offset, length } });
        const found = Buffer.from(await result.bytes());
        const expected = truth.subarray(offset, offset + length);
        if (!found.equals(expected)) violations.push(`a range of ${key} gave other bytes than are there`);
      } catch (error) {
        noteError(`range of ${key}`, error);
      }
    },
  ];
  for (let step = 0; step < options.steps; step++) {
    await (steps[Math.floor(random() * steps.length)] as Step)();
  }

  const truth = options.truth();
  for (const [key, contents] of account) {
    const bytes = truth.get(key);
    const found = bytes === undefined ? absent : digest(bytes);
    if (!contents.has(found)) {
      violations.push(`${key} is ${found} on the server, where ${[...contents].join(" or ")} was acknowledged`);
    }
  }
  return { violations, done, errors };
}
