import {
  createSectionTarget,
  type ObjectKey,
  type ObjectStore,
  type OperationOptions,
  type SectionTarget,
} from "@mortise/core";
import type { StoreLayout } from "./store-access.ts";
import type { ObjectWork } from "./work.ts";

/** The place that was chosen for one value. */
export interface TargetPlace {
  /** `hashKey` of the registered path. */
  readonly id: string;
  readonly path: ObjectKey;
  readonly shape: "object" | "prefix";
  readonly store: ObjectStore;
  readonly sections: StoreLayout["sections"];
}

/** Write access to one path, which counts what is sent and remembers what W4 has to delete. */
export function createTrackedTarget(work: ObjectWork, place: TargetPlace): SectionTarget {
  const { unit } = work;
  const { id, store, path, shape, sections } = place;
  // Of an earlier attempt of the same batch: what it wrote may be overwritten.
  const own = unit.own.get(id) ?? { id, store, keys: new Set<ObjectKey>() };
  unit.own.set(id, own);
  unit.begun.add(id);
  work.ownIds.add(id);
  const signalOf = ({ signal }: OperationOptions = {}): AbortSignal =>
    signal === undefined ? work.signal : AbortSignal.any([signal, work.signal]);

  const tracked = {
    protocol: store.protocol,
    capabilities: store.capabilities,
    head: (key, options) => store.head(key, { ...options, signal: signalOf(options) }),
    async put(key, body, options) {
      let told = 0;
      const result = await store.put(key, body, {
        ...options,
        signal: signalOf(options),
        onProgress: (progress) => {
          work.sent(progress.bytes - told);
          told = progress.bytes;
          options?.onProgress?.(progress);
        },
      });
      work.sent(result.size - told);
      unit.totals.bytes += result.size;
      return result;
    },
  } satisfies Parameters<typeof createSectionTarget>[0];
  return createSectionTarget(tracked, sections, path, shape, own.keys);
}
