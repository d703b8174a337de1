import type { MinimalStore, Multipart, MultipartUpload, ObjectKey, PutOptions } from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import { announceClock } from "../lifecycle/clock.ts";
import type { Guard } from "../lifecycle/guard.ts";
import { shareBudget } from "../multipart/budget.ts";
import { eachOf } from "./each.ts";
import { checkListOptions } from "./list.ts";
import { checkPutOptions } from "./put.ts";
import type { Runtime } from "./runtime.ts";

/** What a guarded upload needs of the store that it is part of. */
export interface UploadGuard {
  readonly runtime: Runtime;
  readonly store: MinimalStore;
  site(operation: string, key?: ObjectKey): OperationSite;
  /** Throws if the store is closed or the key is none. */
  check(site: OperationSite, ...keys: readonly ObjectKey[]): void;
  /** What precedes every write: the probe and the store's name. */
  beforeWrite(guard: Guard): Promise<void> | undefined;
}

/**
 * A backend's uploads in parts with what all operations have: keys and options are checked, requests are limited and
 * timed, and closing the store ends them. Closing aborts no upload: another process may continue it.
 */
export function guardedMultipart(native: Multipart, guard: UploadGuard): Multipart {
  const { runtime, store } = guard;
  const guarded: Multipart = {
    async start(key, options = {}) {
      const at = guard.site("multipart.start", key);
      guard.check(at, key);
      const begun = await runtime.run(at, options, runtime.writes, async (watched) => {
        await guard.beforeWrite(watched);
        checkPutOptions(at, options, store);
        return await native.start(key, plain(options, watched.signal));
      });
      return guardedUpload(begun, key, guard);
    },
    async resume(key, id, options = {}) {
      const at = guard.site("multipart.resume", key);
      guard.check(at, key);
      const begun = await runtime.run(at, options, runtime.reads, ({ signal }) => native.resume(key, id, { signal }));
      return guardedUpload(begun, key, guard);
    },
    async *list(options = {}) {
      const at = guard.site("multipart.list");
      checkListOptions(at, options);
      yield* eachOf(runtime, at, options, (signal) => native.list(plain(options, signal)));
    },
  };
  return shareBudget(guarded, runtime.writeBytes);
}

function guardedUpload(native: MultipartUpload, key: ObjectKey, guard: UploadGuard): MultipartUpload {
  const { runtime, store } = guard;
  return {
    id: native.id,
    limits: native.limits,
    async uploadPart(number, part, options = {}) {
      const at = guard.site("multipart.uploadPart", key);
      return await runtime.run(at, options, runtime.writes, (watched) => {
        const onSent = (bytes: number): void => {
          watched.touch();
          options.onSent?.(bytes);
        };
        return native.uploadPart(number, part, { signal: watched.signal, onSent });
      });
    },
    parts: (options = {}) =>
      eachOf(runtime, guard.site("multipart.parts", key), options, (signal) => native.parts({ signal })),
    async complete(parts, options = {}) {
      const at = guard.site("multipart.complete", key);
      return await runtime.run(at, options, runtime.writes, async (watched) => {
        announceClock(watched.signal, watched);
        await guard.beforeWrite(watched);
        checkPutOptions(at, options, store);
        return await native.complete(parts, plain(options, watched.signal));
      });
    },
    async abort(options = {}) {
      const at = guard.site("multipart.abort", key);
      await runtime.run(at, options, runtime.writes, ({ signal }) => native.abort({ signal }));
    },
    [Symbol.asyncDispose]: () => native[Symbol.asyncDispose](),
  };
}

/** The time limit is kept here: a backend hears of its end by the signal. */
function plain<T extends PutOptions>(options: T, signal: AbortSignal): T {
  return { ...options, signal, timeoutMs: undefined };
}
