import type { ByteSource } from "@mortise/core";
import {
  CodecError,
  isStoreError,
  joinKey,
  type ObjectKey,
  type ObjectStore,
  type PutMode,
  type PutOptions,
  type PutResult,
  parseKey,
  type SectionTarget,
  StoreError,
} from "@mortise/core";
import type { OwnObject } from "./unit.ts";
import type { ObjectWork } from "./work.ts";

/** The place that was chosen for one value. */
export interface TargetPlace {
  /** `hashKey` of the registered path. */
  readonly id: string;
  readonly path: ObjectKey;
  readonly shape: "object" | "prefix";
  readonly store: ObjectStore;
}

/**
 * Write access to one path. Created exclusively: a token that somebody else drew for the same row is an error, never an
 * overwritten object. Only a batch that runs again overwrites what it wrote itself.
 */
export function createSectionTarget(work: ObjectWork, place: TargetPlace): SectionTarget {
  const { unit } = work;
  const known = unit.own.get(place.id);
  const own: OwnObject = known ?? { id: place.id, store: place.store, keys: new Set() };
  unit.own.set(place.id, own);
  unit.begun.add(place.id);
  work.ownIds.add(place.id);

  async function write(key: ObjectKey, body: ByteSource, options: PutOptions = {}): Promise<PutResult> {
    const mode = await modeFor(work, place.store, own, key);
    own.keys.add(key);
    let told = 0;
    const result = await place.store.put(key, body, {
      ...options,
      mode,
      signal: options.signal === undefined ? work.signal : AbortSignal.any([options.signal, work.signal]),
      onProgress: (progress) => {
        work.sent(progress.bytes - told);
        told = progress.bytes;
        options.onProgress?.(progress);
      },
    });
    work.sent(result.size - told);
    unit.totals.bytes += result.size;
    return result;
  }

  return {
    path: place.path,
    async put(relative, body, options) {
      if ((relative === "") !== (place.shape === "object")) {
        throw new CodecError(
          "unsupported",
          `a codec wrote ${JSON.stringify(relative)} to ${place.path}, which it planned as ${place.shape}`,
          { hint: 'put("") writes an object, put("a/b") a file below a prefix' },
        );
      }
      return await write(relative === "" ? place.path : joinKey(place.path, parseKey(relative)), body, options);
    },
    putBeside: (suffix, body, options) => write(parseKey(place.path + suffix), body, options),
  };
}

async function modeFor(work: ObjectWork, store: ObjectStore, own: OwnObject, key: ObjectKey): Promise<PutMode> {
  if (work.unit.repeated && own.keys.has(key)) return "overwrite";
  if (store.capabilities.putModes.has("create")) return "create";
  try {
    await store.head(key, { signal: work.signal });
  } catch (error) {
    if (isStoreError(error, "not-found")) return "overwrite";
    throw error;
  }
  throw new StoreError("already-exists", `${key} exists already`, { operation: "put", store: store.protocol, key });
}
