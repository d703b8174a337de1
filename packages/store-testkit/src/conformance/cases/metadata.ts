import { equal, equalBytes, refused } from "../assert.ts";
import type { ConformanceCase } from "../case.ts";
import { defineCases, readAll, text } from "../case.ts";

/** User metadata and content type, and the store's own identity. */
export const metadataCases: readonly ConformanceCase[] = defineCases("metadata", [
  [
    "kept",
    "metadata comes back with head and get",
    async ({ store, key }) => {
      const metadata = { subject: "042", "hash-md5": "abc" };
      await store.put(key("a"), text("x"), { metadata });
      equal((await store.head(key("a"))).metadata, metadata, "the metadata of head");
      await using result = await store.get(key("a"));
      equal(result.info.metadata, metadata, "the metadata of get");
    },
    "metadata",
  ],
  [
    "content-type",
    "the content type comes back",
    async ({ store, key }) => {
      await store.put(key("a"), text("{}"), { contentType: "application/json" });
      equal((await store.head(key("a"))).contentType, "application/json", "the content type");
    },
    "metadata",
  ],
  [
    "replaced",
    "an overwrite replaces metadata and content type, it does not merge them",
    async ({ store, key }) => {
      await store.put(key("a"), text("1"), { metadata: { one: "1" }, contentType: "text/plain" });
      await store.put(key("a"), text("2"), { metadata: { two: "2" }, contentType: "text/html" });
      const info = await store.head(key("a"));
      equal(info.metadata, { two: "2" }, "the metadata");
      equal(info.contentType, "text/html", "the content type");
    },
    "metadata",
  ],
  [
    "copied",
    "a copy has the metadata of its source",
    async ({ store, key }) => {
      await store.put(key("a"), text("1"), { metadata: { one: "1" }, contentType: "text/plain" });
      await store.copy(key("a"), key("b"));
      const info = await store.head(key("b"));
      equal([info.metadata, info.contentType], [{ one: "1" }, "text/plain"], "metadata and content type of the copy");
    },
    "metadata",
  ],
  [
    "unsupported",
    "a store without metadata refuses it and writes nothing",
    async ({ store, key }) => {
      await refused(store.put(key("a"), text("x"), { metadata: { one: "1" } }), "unsupported", "metadata");
      await refused(store.head(key("a")), "not-found", "head of what was refused");
    },
    "no-metadata",
  ],
  [
    "none",
    "empty metadata asks for nothing and is accepted everywhere",
    async ({ store, key }) => {
      await store.put(key("a"), text("x"), { metadata: {}, contentType: "text/plain" });
      equalBytes(await readAll(store, key("a")), text("x"));
    },
  ],
]);
