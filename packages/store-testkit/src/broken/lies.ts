import { setImmediate } from "node:timers/promises";
import type { MinimalStore, Multipart, PutMode, PutOptions } from "@mortise/core";
import { bufferedResult, storeError } from "@mortise/store-kit";
import { whole } from "./break.ts";

/** Replaces operations of a good minimal store. */
export type Change = (good: MinimalStore) => Partial<MinimalStore>;
const site = { operation: "test", store: "memory" };
const unconditional = (options: PutOptions = {}): PutOptions => ({ ...options, mode: undefined });

function uploading(good: MinimalStore, change: (good: Multipart) => Partial<Multipart>): Partial<MinimalStore> {
  const { multipart } = good;
  return multipart === undefined ? {} : { multipart: { ...multipart, ...change(multipart) } };
}

/** A `put` that looks first and writes then, for the conditions that `chosen` names. */
function late(good: MinimalStore, chosen: (mode: PutMode | undefined) => boolean): MinimalStore["put"] {
  return async (key, body, options = {}) => {
    const { mode } = options;
    if (!chosen(mode)) return await good.put(key, body, options);
    const found = await good.head(key).catch(() => undefined);
    const fits = typeof mode === "object" ? found?.etag === mode.ifMatch : found === undefined;
    if (!fits) return await good.put(key, body, options);
    await setImmediate();
    return await good.put(key, body, unconditional(options));
  };
}

/** Minimal stores that lie, by the finding of the probe that names it. */
export const lies: readonly (readonly [finding: string, change: Change])[] = [
  [
    "body",
    (good) => ({
      put: async (key, body, options) =>
        await good.put(
          key,
          new Uint8Array([...new TextEncoder().encode("40;chunk-signature=\r\n"), ...(await whole(body))]),
          options,
        ),
    }),
  ],
  [
    "create-put",
    (good) => ({
      put: (key, body, options) => good.put(key, body, options?.mode === "create" ? unconditional(options) : options),
    }),
  ],
  [
    "create-put-refused",
    (good) => ({
      put: async (key, body, options) => {
        if (options?.mode === "create") throw storeError(site, "already-exists", "always");
        return await good.put(key, body, options);
      },
    }),
  ],
  [
    "if-match-put",
    (good) => ({
      put: (key, body, options) =>
        good.put(key, body, typeof options?.mode === "object" ? unconditional(options) : options),
    }),
  ],
  ["if-match-get", (good) => ({ get: (key, options) => good.get(key, { ...options, ifMatch: undefined }) })],
  [
    "etag-constant",
    (good) => ({
      put: async (key, body, options) => {
        const kept = options?.mode === "create" ? options : unconditional(options);
        return { ...(await good.put(key, body, kept)), etag: "always" };
      },
    }),
  ],
  [
    "create-multipart",
    (good) =>
      uploading(good, (multipart) => ({
        start: async (key, options) => {
          const upload = await multipart.start(key, {
            ...options,
            mode: options?.mode === "create" ? undefined : options?.mode,
          });
          return {
            ...upload,
            complete: (parts, call) =>
              upload.complete(parts, { ...call, mode: call?.mode === "create" ? "overwrite" : call?.mode }),
          };
        },
      })),
  ],
  [
    "if-match-multipart",
    (good) =>
      uploading(good, (multipart) => ({
        start: async (key, options) => {
          const upload = await multipart.start(key, options?.mode === "create" ? options : unconditional(options));
          return {
            ...upload,
            complete: (parts, call) => upload.complete(parts, call?.mode === "create" ? call : unconditional(call)),
          };
        },
      })),
  ],
  [
    "body-parts",
    (good) =>
      uploading(good, (multipart) => ({
        start: async (key, options) => {
          const upload = await multipart.start(key, options);
          return { ...upload, uploadPart: (number, part) => upload.uploadPart(number, part.subarray(1)) };
        },
      })),
  ],
  [
    "create-copy",
    (good) => ({
      copy: async (from, to, options) =>
        (await good.copy?.(from, to, options?.mode === "create" ? {} : options)) ?? { size: 0, checksums: {} },
    }),
  ],
  [
    "if-match-copy",
    (good) => ({
      copy: async (from, to, options) =>
        (await good.copy?.(from, to, options?.mode === "create" ? options : {})) ?? { size: 0, checksums: {} },
    }),
  ],
  [
    "range",
    (good) => ({
      get: async (key, options = {}) => {
        const result = await good.get(key, { ...options, range: undefined });
        return options.range === undefined ? result : bufferedResult(result.info, result.range, await result.bytes());
      },
    }),
  ],
  [
    "checksum-md5",
    (good) => ({
      put: (key, body, options) =>
        good.put(key, body, { ...options, expect: options?.expect?.md5 === undefined ? options?.expect : {} }),
    }),
  ],
  [
    "list-stale",
    (good) => ({
      async *list(options) {
        for await (const page of good.list(options)) yield { ...page, objects: page.objects.slice(1) };
      },
    }),
  ],
  [
    "list-order",
    (good) => ({
      async *list(options) {
        for await (const page of good.list(options)) {
          yield { ...page, objects: page.objects.toSorted((one, other) => (one.key < other.key ? -1 : 1)) };
        }
      },
    }),
  ],
  ["if-match-delete", (good) => ({ delete: (key, options) => good.delete(key, { ...options, ifMatch: undefined }) })],
  [
    "if-match-delete-refused",
    (good) => ({
      delete: (key, options) =>
        good.delete(key, options?.ifMatch === undefined ? options : { ...options, ifMatch: "x" }),
    }),
  ],
  ["create-put-race", (good) => ({ put: late(good, (mode) => mode === "create") })],
  ["if-match-put-race", (good) => ({ put: late(good, (mode) => typeof mode === "object") })],
  [
    "if-match-delete-race",
    (good) => ({
      delete: async (key, options) => {
        const { ifMatch } = options ?? {};
        if (ifMatch === undefined || (await good.head(key)).etag !== ifMatch) return await good.delete(key, options);
        await setImmediate();
        await good.delete(key);
        return "deleted";
      },
    }),
  ],
  [
    "clock",
    (good) => ({
      head: async (key, options) => ({
        ...(await good.head(key, options)),
        lastModified: new Date(Date.now() + 3_600_000),
      }),
    }),
  ],
];
