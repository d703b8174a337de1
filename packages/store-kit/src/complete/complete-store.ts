import type {
  DeleteManyOptions,
  DeleteOptions,
  GetOptions,
  MinimalStore,
  ObjectKey,
  ObjectStore,
  OperationOptions,
  PutOptions,
  PutResult,
} from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import { abortedError, storeError } from "../errors.ts";
import { announceClock } from "../lifecycle/clock.ts";
import type { Guard } from "../lifecycle/guard.ts";
import { getRanges } from "../ranges/get-ranges.ts";
import { deleteMany, deleteNatively } from "./delete-many.ts";
import { beforeFirstWrite } from "./first-write.ts";
import { checkGetOptions, guardResult, openObject } from "./get.ts";
import { listPages } from "./list.ts";
import type { CompleteOptions } from "./options.ts";
import { resolveOptions } from "./options.ts";
import { checkPresign } from "./presign.ts";
import { checkPutOptions, putObject } from "./put.ts";
import { checkKey, createRuntime } from "./runtime.ts";
import { copyThrough, moveThrough, needsBytes } from "./transfer.ts";
import { guardedMultipart } from "./uploads.ts";

/**
 * Makes a whole store of a backend's five operations and `close`. What is added, so that no backend writes it again:
 * keys and options are checked before any I/O; conditions the backend lacks are refused; operations have a time limit
 * and bodies an idle limit; sizes and digests that were promised are checked; requests and bytes under way are limited;
 * `close` ends what is under way; `copy`, `move`, `getRanges` and `deleteMany` are there; the first write names the store.
 */
export function completeStore(store: MinimalStore, options: CompleteOptions = {}): ObjectStore {
  const settings = resolveOptions(options, store.protocol);
  const runtime = createRuntime(settings);
  const first = beforeFirstWrite(runtime, store, settings);
  let closing: Promise<void> | undefined;

  function site(operation: string, key?: ObjectKey): OperationSite {
    return { operation, store: settings.storeName, key };
  }
  function check(at: OperationSite, ...keys: readonly ObjectKey[]): void {
    runtime.checkOpen(at);
    for (const key of keys) checkKey(at, key, store.capabilities);
  }
  async function write<T>(at: OperationSite, call: PutOptions, work: (guard: Guard) => Promise<T>): Promise<T> {
    checkPutOptions(at, call, store);
    return await runtime.run(at, call, runtime.writes, async (guard) => {
      const waiting = first.write(guard);
      if (waiting !== undefined) {
        await waiting;
        // The server may keep less than its provider promises.
        checkPutOptions(at, call, store);
      }
      return await work(guard);
    });
  }

  function ensurer(native: NonNullable<MinimalStore["ensureDurable"]>): NonNullable<ObjectStore["ensureDurable"]> {
    return async (key, call = {}) => {
      const at = site("ensureDurable", key);
      check(at, key);
      await runtime.run(at, call, runtime.writes, (guard) => native(key, { signal: guard.signal }));
    };
  }

  function presigner(native: NonNullable<MinimalStore["presign"]>): NonNullable<ObjectStore["presign"]> {
    return async (request, call = {}) => {
      const at = site("presign", request.key);
      check(at, request.key);
      checkPresign(at, request, store.capabilities);
      return await runtime.run(at, call, runtime.reads, (guard) => native(request, { signal: guard.signal }));
    };
  }

  async function prepareStore(call: OperationOptions = {}): Promise<void> {
    const at = site("prepare");
    check(at);
    await runtime.run(at, call, undefined, async (guard) => await first.prepared(guard));
  }

  /** Each holds a body open while it waits to write it: without a limit the bodies would take all connections. */
  async function copyInTurn(at: OperationSite, from: ObjectKey, to: ObjectKey, call: PutOptions): Promise<PutResult> {
    await runtime.copies.acquire(1, call.signal)?.catch((cause: unknown) => {
      throw abortedError(at, cause);
    });
    try {
      return await copyThrough(complete, from, to, call);
    } finally {
      runtime.copies.release(1);
    }
  }

  async function moveObject(at: OperationSite, from: ObjectKey, to: ObjectKey, call: PutOptions): Promise<PutResult> {
    const { size, etag, version, checksums = {} } = await complete.head(from, { signal: call.signal });
    if (from !== to) return await moveThrough(complete, at, from, to, etag, call);
    if (call.mode === "create") throw storeError(at, "already-exists", "it was to be moved to itself");
    return { size, etag, version, checksums };
  }

  const complete: ObjectStore = {
    protocol: store.protocol,
    baseUrl: store.baseUrl,
    get capabilities() {
      return store.capabilities;
    },
    ...(store.multipart === undefined
      ? {}
      : {
          multipart: guardedMultipart(store.multipart, {
            runtime,
            store,
            site,
            check,
            beforeWrite: (guard) => first.write(guard),
          }),
        }),
    ...(store.presign === undefined ? {} : { presign: presigner(store.presign.bind(store)) }),
    ...(store.prepare === undefined ? {} : { prepare: prepareStore }),
    ...(store.ensureDurable === undefined ? {} : { ensureDurable: ensurer(store.ensureDurable.bind(store)) }),

    async put(key, body, call = {}) {
      const at = site("put", key);
      check(at, key);
      return await write(at, call, (guard) => putObject(runtime, store, at, guard, key, body, call));
    },

    async get(key, call: GetOptions = {}) {
      const at = site("get", key);
      check(at, key);
      checkGetOptions(at, call);
      const result = await runtime.run(at, call, runtime.reads, (guard) => openObject(store, at, guard, key, call));
      return guardResult(runtime, at, result, call);
    },

    async head(key, call = {}) {
      const at = site("head", key);
      check(at, key);
      return await runtime.run(at, call, runtime.reads, (guard) => store.head(key, { signal: guard.signal }));
    },

    list: (call = {}) => listPages(runtime, store, site("list"), call),

    async delete(key, call: DeleteOptions = {}) {
      const at = site("delete", key);
      check(at, key);
      checkDeleteOptions(at, call, store);
      return await runtime.run(at, call, runtime.writes, async (guard) => {
        if (call.ifMatch !== undefined) {
          await first.prepared(guard);
          checkDeleteOptions(at, call, store);
        }
        return await store.delete(key, { ifMatch: call.ifMatch, signal: guard.signal });
      });
    },

    async copy(from, to, call = {}) {
      const at = site("copy", from);
      check(at, from, to);
      const native = store.copy?.bind(store);
      if (native === undefined || needsBytes(store, call)) return await copyInTurn(at, from, to, call);
      return await write(at, call, (guard) => native(from, to, inner(call, guard)));
    },

    async move(from, to, call = {}) {
      const at = site("move", from);
      check(at, from, to);
      const native = store.move?.bind(store);
      if (native === undefined || from === to || needsBytes(store, call)) {
        checkPutOptions(at, call, store);
        return await moveObject(at, from, to, call);
      }
      return await write(at, call, (guard) => native(from, to, inner(call, guard)));
    },

    async getRanges(key, ranges, call = {}) {
      const at = site("getRanges", key);
      check(at, key);
      const native = store.getRanges?.bind(store);
      if (native !== undefined) {
        return await runtime.run(at, call, runtime.reads, (guard) =>
          native(key, ranges, { ...call, signal: guard.signal }),
        );
      }
      return await getRanges(at, (each, part) => complete.get(each, part), key, ranges, call);
    },

    async deleteMany(keys, call: DeleteManyOptions = {}) {
      const at = site("deleteMany");
      check(at);
      const native = store.deleteMany?.bind(store);
      if (native !== undefined) {
        return await runtime.run(at, call, runtime.writes, (guard) =>
          deleteNatively(native, at, keys, call, guard, (key) => checkKey({ ...at, key }, key, store.capabilities)),
        );
      }
      return await deleteMany(at, (key, each) => complete.delete(key, each), keys, call);
    },

    close() {
      closing ??= runtime.shutDown().then(() => store.close());
      return closing;
    },
    async [Symbol.asyncDispose]() {
      await complete.close();
    },
  };
  return complete;
}

/** The time limit is kept here: a backend hears of its end by the signal, and what it tells is progress. */
function inner(call: PutOptions, guard: Guard): PutOptions {
  announceClock(guard.signal, guard);
  return {
    ...call,
    signal: guard.signal,
    timeoutMs: undefined,
    onProgress(progress) {
      guard.touch();
      call.onProgress?.(progress);
    },
  };
}

function checkDeleteOptions(at: OperationSite, call: DeleteOptions, store: MinimalStore): void {
  if (call.ifMatch === undefined || store.capabilities.conditionalDelete) return;
  throw storeError(at, "unsupported", "this store can't delete under a condition", {
    hint: "look at capabilities.conditionalDelete; nothing was deleted",
  });
}
