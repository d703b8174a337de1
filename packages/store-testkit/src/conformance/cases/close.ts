import { readStoreIdentity } from "@mortise/store-kit";
import { equal, holds, refused } from "../assert.ts";
import type { ConformanceCase } from "../case.ts";
import { defineCases, listAll, pattern, text } from "../case.ts";

/** What a store says of itself, and its end. */
export const closeCases: readonly ConformanceCase[] = defineCases("close", [
  [
    "rejects",
    "every operation of a closed store rejects",
    async ({ store, key, prefix }) => {
      await store.put(key("a"), text("x"));
      await store.close();
      await refused(store.put(key("b"), text("x")), "aborted", "put");
      await refused(store.get(key("a")), "aborted", "get");
      await refused(store.head(key("a")), "aborted", "head");
      await refused(store.delete(key("a")), "aborted", "delete");
      await refused(store.copy(key("a"), key("b")), "aborted", "copy");
      await refused(store.move(key("a"), key("b")), "aborted", "move");
      await refused(store.getRanges(key("a"), [{ offset: 0, length: 1 }]), "aborted", "getRanges");
      await refused(store.deleteMany([key("a")]), "aborted", "deleteMany");
      await refused(listAll(store, prefix), "aborted", "list");
    },
  ],
  [
    "twice",
    "closing twice is closing once",
    async ({ store }) => {
      await store.close();
      await store.close();
      await store[Symbol.asyncDispose]();
    },
  ],
  [
    "body",
    "a body that is being read ends with aborted",
    async ({ store, key }) => {
      await store.put(key("a"), pattern(2_000_000));
      await using result = await store.get(key("a"));
      const reader = result.body.getReader();
      await reader.read();
      await store.close();
      async function rest(): Promise<void> {
        while (!(await reader.read()).done);
      }
      await refused(rest(), "aborted", "reading on after close");
    },
  ],
  [
    "put",
    "a write under way ends with aborted, and close waits for it",
    async ({ store, key }) => {
      const never = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => undefined) });
      let settled = false;
      const writing = store.put(key("a"), never).finally(() => (settled = true));
      const refusal = refused(writing, "aborted", "a put during close");
      const outcome = refusal.then(
        () => undefined,
        (error: unknown) => error,
      );
      await new Promise((resolve) => setTimeout(resolve, 10));
      await store.close();
      holds(settled, "close should wait for the write to end");
      equal(await outcome, undefined, "the error of the writer");
    },
  ],
  [
    "describes",
    "a store tells protocol, root and capabilities",
    async ({ store }) => {
      holds(/^[a-z][a-z0-9+.-]*$/.test(store.protocol), `protocol should be a scheme, found ${store.protocol}`);
      holds(/^[a-z][a-z0-9+.-]*:\/\//.test(store.baseUrl), `baseUrl should be a URL, found ${store.baseUrl}`);
      holds(store.capabilities.putModes instanceof Set, "capabilities.putModes should be a Set");
      holds(store.capabilities.maxKeyBytes >= 512, "keys of 512 bytes should be possible");
    },
  ],
  [
    "identity",
    "the first write gives the store an identity that stays",
    async ({ store, key }) => {
      await store.put(key("a"), text("x"));
      const first = await readStoreIdentity(store);
      holds(first !== undefined && first.storeId.length > 0, "the store should have an identity");
      await store.put(key("b"), text("x"));
      equal((await readStoreIdentity(store))?.storeId, first.storeId, "the identity");
    },
  ],
]);
