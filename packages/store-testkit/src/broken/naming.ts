import type { ObjectKey, ObjectStore } from "@mortise/core";
import { isStoreError } from "@mortise/core";
import type { Break, BrokenStore } from "./break.ts";
import { broken, putWith } from "./break.ts";

/** Keys are changed on their way to the store. */
function renaming(change: (key: string) => string): () => Break {
  const to = (key: ObjectKey): ObjectKey => change(key) as ObjectKey;
  return () => (good) => ({
    put: (key, ...rest) => good.put(to(key), ...rest),
    get: (key, ...rest) => good.get(to(key), ...rest),
    head: (key, ...rest) => good.head(to(key), ...rest),
    delete: (key, ...rest) => good.delete(to(key), ...rest),
  });
}

function decode(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key.replaceAll("%", "");
  }
}

/** Every operation that refuses a bad key pretends to have worked. */
function accepting(good: ObjectStore): Partial<ObjectStore> {
  const done = { size: 0, checksums: {} };
  const unless =
    <T>(answer: T) =>
    (error: unknown): T => {
      if (isStoreError(error, "invalid-key")) return answer;
      throw error;
    };
  return {
    put: (...call) => good.put(...call).catch(unless(done)),
    copy: (...call) => good.copy(...call).catch(unless(done)),
    delete: (...call) => good.delete(...call).catch(unless("absent" as const)),
  };
}

/** Stores that change names, or lose what belongs to an object. */
export const brokenNames: readonly BrokenStore[] = [
  broken("decodes percent signs", renaming(decode)),
  broken(
    "takes + for a space",
    renaming((key) => key.replaceAll("+", " ")),
  ),
  broken(
    "cuts keys at ? and #",
    renaming((key) => key.replace(/(?<=conformance.*)[?#].*$/, "") || "x"),
  ),
  broken(
    "replaces characters that shells know",
    renaming((key) => key.replace(/[\s'"`[\]{}()@,&=;$!^~+%?#]/g, "_")),
  ),
  broken(
    "replaces what is not ASCII",
    renaming((key) => key.replace(/[^ -~]/g, "?")),
  ),
  broken(
    "normalises Unicode",
    renaming((key) => key.normalize("NFC")),
  ),
  broken(
    "ignores case",
    renaming((key) => key.toLowerCase()),
  ),
  broken(
    "drops private characters",
    renaming((key) => key.replace(/[\uE000-\uFFFF]/g, "x")),
  ),
  broken(
    "resolves dots",
    renaming((key) => key.replaceAll("..", "x")),
  ),
  broken(
    "drops leading dashes",
    renaming((key) => key.replaceAll("/-", "/")),
  ),
  broken(
    "cuts segments at 100 characters",
    renaming((key) => key.replace(/([^/]{100})[^/]+/g, "$1")),
  ),
  broken(
    "cuts folders at depth 20",
    renaming((key) => key.split("/").slice(0, 20).join("/")),
  ),
  broken(
    "takes all that begins like _mortise for its own",
    renaming((key) => key.replaceAll("_mortise", "m")),
  ),
  broken("accepts any key", () => accepting),
  broken(
    "keeps no metadata",
    putWith((options) => ({ ...options, metadata: undefined, contentType: undefined })),
  ),
  broken("merges metadata", () => (good) => ({
    put: async (key, body, options) => {
      const old = await good.head(key).catch(() => undefined);
      return await good.put(key, body, { ...options, metadata: { ...old?.metadata, ...options?.metadata } });
    },
  })),
  broken("copies without metadata", () => (good) => ({
    copy: (from, to, options) => good.copy(from, to, { ...options, metadata: {}, contentType: "x" }),
  })),
  broken(
    "drops metadata that it can't keep",
    putWith((options) => ({ ...options, metadata: undefined })),
    { metadata: false },
  ),
  broken("refuses metadata that is empty", () => (good) => ({
    put: async (key, body, options) => {
      if (options?.metadata !== undefined && Object.keys(options.metadata).length === 0) throw new Error("no metadata");
      return await good.put(key, body, options);
    },
  })),
];
