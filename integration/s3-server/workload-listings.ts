// Listings of the workload, and what programs do because of them.
import type { ObjectKey } from "@mortise/core";
import { absent, keys, type Step, type Workbench } from "./workbench.ts";

export function listings(bench: Workbench): readonly Step[] {
  const { store, options, random, pick, possible, noteRemoval, violate, noteError } = bench;

  async function listed(prefix: string): Promise<ReadonlyMap<ObjectKey, number> | undefined> {
    const found = new Map<ObjectKey, number>();
    try {
      for await (const page of store.list({ prefix, pageSize: 1 + Math.floor(random() * 5) })) {
        for (const { key, size } of page.objects) {
          if (found.has(key)) violate(`a listing shows ${key} twice`);
          found.set(key, size);
        }
      }
      return found;
    } catch (error) {
      noteError(`list ${prefix}`, error);
      return undefined;
    }
  }

  const compare = async (): Promise<void> => {
    const found = await listed("work/");
    if (found === undefined || options.staleListings === true) return;
    const truth = options.truth();
    for (const [key, size] of found) {
      if (truth.get(key)?.byteLength !== size) violate(`a listing shows ${key} of ${size} bytes, which is not there`);
    }
    for (const key of keys) {
      if (truth.has(key) && !found.has(key)) violate(`a listing lacks ${key}`);
    }
  };

  /** What a listing lacks or still shows is judged by `head`: it must not be taken for the truth anywhere. */
  const look = async (): Promise<void> => {
    const found = await listed("work/");
    if (found === undefined) return;
    const key = pick();
    try {
      await store.head(key);
      if (possible(key).size === 1 && possible(key).has(absent)) violate(`head finds ${key}, which is gone`);
    } catch (error) {
      const missing = noteError(`head ${key}`, error)?.code === "not-found";
      if (missing && !possible(key).has(absent)) violate(`head finds nothing at ${key}`);
    }
  };

  /** Only what the listing shows may be gone afterwards: the account keeps all else. */
  const removeListed = async (): Promise<void> => {
    const prefix = pick();
    const found = await listed(prefix);
    if (found === undefined) return;
    const chosen = [...found.keys()];
    for (const key of chosen) if (key !== prefix) violate(`a listing of ${prefix} shows ${key}`);
    try {
      await store.deleteMany(chosen, { onOutcome: noteRemoval });
    } catch (error) {
      const failure = noteError("deleteMany of a listing", error);
      if (failure !== undefined) for (const key of chosen) noteRemoval(key, failure);
    }
  };

  return [compare, look, removeListed];
}
