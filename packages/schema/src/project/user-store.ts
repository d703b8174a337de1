import {
  type ByteSource,
  createUserSection,
  type DeleteManyOptions,
  type DeleteOptions,
  type DeleteSummary,
  type ObjectKey,
  type ObjectStore,
  type PutOptions,
} from "@mortise/core";
import { fileBase } from "../objects/file-section.ts";
import type { StoreLayout } from "../objects/store-access.ts";

/**
 * The user's view of a store: its whole contract for keys outside the reserved sections and inside `filepath_prefix`.
 * Any other key throws `ValueError` `reserved-path` or `outside-prefix` before any I/O, so that nobody can replace an
 * object that rows refer to. Closing the view does nothing: the project owns the store.
 */
export function createUserStore(layout: StoreLayout, store: ObjectStore): ObjectStore {
  const { check, has, read } = createUserSection(store, layout.sections, fileBase(layout, store));
  const { multipart } = store;
  const presign = store.presign?.bind(store);
  const view: ObjectStore = {
    protocol: store.protocol,
    baseUrl: store.baseUrl,
    // Not copied: a store narrows them when it finds out what its server really does.
    get capabilities() {
      return store.capabilities;
    },
    prepare: async (options) => await store.prepare?.(options),
    ...read,
    put: async (key: ObjectKey, body: ByteSource, options?: PutOptions) => await store.put(check(key), body, options),
    delete: async (key: ObjectKey, options?: DeleteOptions) => await store.delete(check(key), options),
    copy: async (from, to, options) => await store.copy(check(from), check(to), options),
    move: async (from, to, options) => await store.move(check(from), check(to), options),
    deleteMany: async (keys, options?: DeleteManyOptions): Promise<DeleteSummary> =>
      await store.deleteMany(checked(keys, check), options),
    close: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
    ...(presign && {
      presign: async (request, options) => await presign({ ...request, key: check(request.key) }, options),
    }),
    ...(multipart && {
      multipart: {
        start: async (key, options) => await multipart.start(check(key), options),
        resume: async (key, id, options) => await multipart.resume(check(key), id, options),
        async *list(options) {
          for await (const upload of multipart.list(options)) if (has(upload.key)) yield upload;
        },
      },
    }),
  };
  return view;
}

/** Checks every key as it is asked for: a list of a million keys is not read in advance. */
async function* checked(
  keys: Iterable<ObjectKey> | AsyncIterable<ObjectKey>,
  check: (key: ObjectKey) => ObjectKey,
): AsyncGenerator<ObjectKey, void, undefined> {
  for await (const key of keys) yield check(key);
}
