import type { ByteSource, OperationOptions } from "../bytes.ts";
import type { SectionTarget } from "../codec/contract.ts";
import { isStoreError, StoreError, ValueError } from "../errors.ts";
import type { ObjectKey } from "../keys/object-key.ts";
import { parseKey } from "../keys/parse-key.ts";
import type { ObjectStore, PutOptions, PutResult } from "../store/contract.ts";
import type { Sections } from "./contract.ts";

/** As much of a store as writing needs. */
export type WritableStore = Pick<ObjectStore, "put" | "head" | "protocol"> & {
  readonly capabilities: Pick<ObjectStore["capabilities"], "putModes">;
};

async function exists(store: WritableStore, key: ObjectKey, options: OperationOptions): Promise<boolean> {
  try {
    await store.head(key, { signal: options.signal, timeoutMs: options.timeoutMs });
    return true;
  } catch (error) {
    if (isStoreError(error, "not-found")) return false;
    throw error;
  }
}

/**
 * Write access to the place that was chosen for one value, and nothing else: a codec never sees the store. Objects are
 * created, never overwritten; only keys of `begun` may be written again, because a failed attempt may have left them.
 * What this target begins is added there: pass the set of an earlier target to repeat it, and delete after a rollback
 * what it names. Throws `ValueError`: `outside-section`, `invalid-path`; else what the store throws.
 */
export function createSectionTarget(
  store: WritableStore,
  sections: Pick<Sections, "sectionOf">,
  path: ObjectKey,
  shape: "object" | "prefix",
  begun: Set<ObjectKey> = new Set(),
): SectionTarget {
  const section = sections.sectionOf(path);
  if (section !== "schema") {
    throw new ValueError(
      "outside-section",
      `${path} lies in the ${section} section; codecs write to schema paths only`,
    );
  }

  /** Written by this value, or being written: a codec that names a file twice would lose the first. */
  const taken = new Set<ObjectKey>();
  const refuse = (what: string, reason: string): never => {
    throw new ValueError("invalid-path", `Can't write ${what} of ${path}: ${reason}`);
  };

  const create = async (key: ObjectKey, body: ByteSource, options: PutOptions): Promise<PutResult> => {
    if (taken.has(key)) return refuse(JSON.stringify(key), "this very value has written it already");
    taken.add(key);
    const again = begun.has(key);
    const mode = !again && store.capabilities.putModes.has("create") ? "create" : "overwrite";
    try {
      if (mode === "overwrite" && !again && (await exists(store, key, options))) {
        throw new StoreError("already-exists", `${key} is there already`, {
          operation: "put",
          store: store.protocol,
          key,
          hint: "Nothing was overwritten. Insert again: the next attempt draws another token.",
        });
      }
      begun.add(key);
      return await store.put(key, body, { ...options, mode });
    } catch (error) {
      taken.delete(key);
      // It is somebody else's: the next attempt must not overwrite it, nor may a clean-up delete it.
      if (mode === "create" && isStoreError(error, "already-exists")) begun.delete(key);
      throw error;
    }
  };

  return {
    path,
    async put(relative, body, options = {}) {
      if (shape === "object" && relative !== "")
        return refuse(JSON.stringify(relative), "it is one object, not a folder");
      if (shape === "prefix" && relative === "") return refuse('""', "it is a folder, name a file inside");
      const key = relative === "" ? path : parseKey(`${path}/${parseKey(relative)}`, { operation: "put" });
      return create(key, body, options);
    },
    async putBeside(suffix, body, options = {}) {
      if (shape === "object") return refuse(`"${suffix}" beside`, "only a folder has a manifest");
      return create(parseKey(path + suffix, { operation: "put" }), body, options);
    },
  };
}
