import type { ObjectStore, StoreErrorCode } from "@mortise/core";
import { isStoreError, StoreError } from "@mortise/core";
import type { Break, BrokenStore } from "./break.ts";
import { broken, putWith, sizeless, whole } from "./break.ts";

/** Errors of one code become errors of another in every operation. */
export function recoded(from: StoreErrorCode, to: StoreErrorCode): () => Break {
  function recode(error: unknown): never {
    if (!isStoreError(error, from)) throw error;
    throw new StoreError(to, error.message, { operation: error.operation, store: error.store });
  }
  return () => (good) => ({
    put: (...call) => good.put(...call).catch(recode),
    get: (...call) => good.get(...call).catch(recode),
    head: (...call) => good.head(...call).catch(recode),
    delete: (...call) => good.delete(...call).catch(recode),
    copy: (...call) => good.copy(...call).catch(recode),
    move: (...call) => good.move(...call).catch(recode),
    getRanges: (...call) => good.getRanges(...call).catch(recode),
    deleteMany: (...call) => good.deleteMany(...call).catch(recode),
  });
}

const unconditional = putWith((options) => ({ ...options, mode: undefined }));
const removal =
  (change: (good: ObjectStore) => Partial<ObjectStore>): (() => Break) =>
  () =>
    change;

/** Stores that ignore conditions, or delete wrongly. */
export const brokenConditions: readonly BrokenStore[] = [
  broken("ignores the conditions of writes", unconditional),
  broken("ignores create where the bytes are the same", () => (good) => ({
    put: async (key, body, options) => {
      try {
        return await good.put(key, body, options);
      } catch (error) {
        const old = await good.get(key).then(
          (result) => result.bytes(),
          () => undefined,
        );
        if (!isStoreError(error, "already-exists") || !(body instanceof Uint8Array) || String(old) !== String(body))
          throw error;
        return { size: body.byteLength, checksums: {} };
      }
    },
  })),
  broken("takes an empty object for none", () => (good) => ({
    put: async (key, body, options) => {
      if ((await good.head(key).catch(() => undefined))?.size === 0) await good.delete(key);
      return await good.put(key, body, options);
    },
  })),
  broken("never creates", () => (good) => ({
    put: async (key, body, options) => {
      if (options?.mode === "create" && key.startsWith("conformance/")) await good.put(key, new Uint8Array([1]));
      return await good.put(key, body, options);
    },
  })),
  broken("looks before it creates, but not at once", () => (good) => ({
    put: async (key, body, options) => {
      if (options?.mode === undefined || options.mode === "overwrite") return await good.put(key, body, options);
      const bytes = await whole(body);
      const present = await good.head(key).catch(() => undefined);
      const fits = options.mode === "create" ? present === undefined : present?.etag === options.mode.ifMatch;
      if (!fits) return await good.put(key, bytes, options);
      await new Promise((resolve) => setTimeout(resolve, 3));
      return await good.put(key, bytes, { ...sizeless(options), mode: undefined });
    },
  })),
  broken("remembers deleted objects", () => {
    const deleted = new Set<string>();
    return (good) => ({
      put: async (key, body, options) => {
        if (deleted.has(key))
          throw new StoreError("already-exists", "it was there once", { operation: "put", store: "broken" });
        return await good.put(key, body, options);
      },
      delete: async (key, options) => {
        deleted.add(key);
        return await good.delete(key, options);
      },
    });
  }),
  broken("says 412 for what exists", recoded("already-exists", "precondition-failed")),
  broken("says 412 is unknown", recoded("precondition-failed", "unknown")),
  broken("says what is unsupported is unknown", recoded("unsupported", "unknown")),
  broken(
    "never matches",
    putWith((options) => (typeof options.mode === "object" ? { ...options, mode: { ifMatch: "x" } } : options)),
  ),
  broken("has etags of the size only", () => (good) => {
    const etag = (size: number): string => `s${size}`;
    return {
      put: async (key, body, options) => {
        const mode = options?.mode;
        const old = typeof mode === "object" ? await good.head(key).catch(() => undefined) : undefined;
        const result = await good.put(key, body, {
          ...options,
          mode:
            typeof mode === "object"
              ? { ifMatch: old !== undefined && etag(old.size) === mode.ifMatch ? (old.etag ?? "") : "x" }
              : mode,
        });
        return { ...result, etag: etag(result.size) };
      },
    };
  }),
  broken("ignores ifMatch of get", () => (good) => ({
    get: (key, options) => good.get(key, { ...options, ifMatch: undefined }),
  })),
  broken("refuses ifMatch of get", () => (good) => ({
    get: (key, options) => good.get(key, options?.ifMatch === undefined ? options : { ...options, ifMatch: "x" }),
  })),
  broken(
    "ignores ifMatch of delete",
    removal((good) => ({ delete: (key, options) => good.delete(key, { ...options, ifMatch: undefined }) })),
  ),
  broken(
    "refuses ifMatch of delete",
    removal((good) => ({
      delete: (key, options) =>
        good.delete(key, options?.ifMatch === undefined ? options : { ...options, ifMatch: "x" }),
    })),
  ),
  broken(
    "fails to delete what is gone",
    removal((good) => ({
      delete: async (key, options) => {
        await good.head(key, options);
        return await good.delete(key, options);
      },
    })),
  ),
  broken("ignores create that it does not have", unconditional, { putModes: new Set() }),
  broken(
    "ignores the condition of a deletion that it does not have",
    removal((good) => ({
      delete: (key, options) => good.delete(key, { ...options, ifMatch: undefined }),
    })),
    { conditionalDelete: false },
  ),
  broken(
    "deletes nothing",
    removal(() => ({ delete: async () => "deleted" as const })),
  ),
  broken(
    "deletes all that begins with the key",
    removal((good) => ({
      delete: async (key, options) => {
        const outcome = await good.delete(key, options);
        for await (const page of good.list({ prefix: key }))
          for (const info of page.objects) await good.delete(info.key);
        return outcome;
      },
    })),
  ),
  broken(
    "says every deletion found something",
    removal((good) => ({
      delete: async (key, options) => {
        await good.delete(key, options);
        return "deleted" as const;
      },
    })),
  ),
  broken(
    "says no deletion found anything",
    removal((good) => ({
      delete: async (key, options) => {
        await good.delete(key, options);
        return "absent" as const;
      },
    })),
  ),
  broken(
    "has deleteMany stop after ten",
    removal((good) => ({
      deleteMany: async (keys, options) => {
        const first = [];
        for await (const key of keys) if (first.length < 10) first.push(key);
        return await good.deleteMany(first, options);
      },
    })),
  ),
  broken(
    "has deleteMany report no outcomes",
    removal((good) => ({
      deleteMany: (keys, options) => good.deleteMany(keys, { ...options, onOutcome: undefined }),
    })),
  ),
  broken(
    "has deleteMany count what it was given",
    removal((good) => ({
      deleteMany: async (keys, options) => ({ ...(await good.deleteMany(keys, options)), deleted: 100 }),
    })),
  ),
  broken(
    "has deleteMany end at the first bad key",
    removal((good) => ({
      deleteMany: async (keys, options) => {
        const summary = await good.deleteMany(keys, options);
        if (summary.failed[0] !== undefined) throw summary.failed[0].error;
        return summary;
      },
    })),
  ),
];
