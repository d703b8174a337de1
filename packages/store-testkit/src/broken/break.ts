import type { ByteSource, Bytes, ObjectStore, PutOptions, StoreCapabilities } from "@mortise/core";
import { chunksOf, collect } from "@mortise/store-kit";
import { createMemoryContent } from "../memory/content.ts";
import { createMemoryStore } from "../memory/memory-store.ts";

/** A rule of the contract and a store that keeps all the others. */
export interface BrokenStore {
  /** What the store does wrong. */
  readonly breaks: string;
  /** A function that opens the broken store; every call opens the same content. */
  readonly open: () => () => ObjectStore;
}

/** Replaces operations of a good store; `state` is one for all openings. */
export type Break = (good: ObjectStore) => Partial<ObjectStore>;

/** A store that differs from the memory store in `change` only. */
export function broken(breaks: string, change: () => Break, capabilities?: Partial<StoreCapabilities>): BrokenStore {
  return {
    breaks,
    open() {
      const content = createMemoryContent();
      const apply = change();
      return () => {
        const good = createMemoryStore({ content, capabilities });
        const changed = apply(good);
        return Object.assign(Object.create(good, Object.getOwnPropertyDescriptors(good)) as ObjectStore, changed);
      };
    },
  };
}

/** A `put` that stores something else than it was given. */
export function putting(change: (bytes: Bytes) => Bytes): () => Break {
  return () => (good) => ({
    put: async (key, body, options) => await good.put(key, change(await whole(body)), sizeless(options)),
  });
}

/** A `put` with other options. */
export function putWith(change: (options: PutOptions) => PutOptions): () => Break {
  return () => (good) => ({ put: (key, body, options = {}) => good.put(key, body, change(options)) });
}

export async function whole(body: ByteSource): Promise<Bytes> {
  return body instanceof Uint8Array ? body : await collect(chunksOf(body));
}

export function sizeless(options: PutOptions | undefined): PutOptions {
  return { ...options, size: undefined };
}
