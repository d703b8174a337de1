import { equal, equalBytes, refused } from "../assert.ts";
import type { ConformanceCase } from "../case.ts";
import { defineCases, listAll, pattern, readAll, text } from "../case.ts";

/** A store opened twice, as by two processes: what one does, the other sees at once, whatever it has cached. */
export const handleCases: readonly ConformanceCase[] = defineCases("handles", [
  [
    "read",
    "what one handle writes, another reads, also after overwrites in turn",
    async ({ store, another, key }) => {
      const other = await another();
      await refused(other.head(key("a")), "not-found", "head before the first write");
      for (let round = 1; round <= 5; round++) {
        // Each writes twice: before the second time the other has read what it might remember.
        const [writer, reader] = round % 4 < 2 ? [other, store] : [store, other];
        const body = pattern(1_000 * round, round);
        await writer.put(key("a"), body);
        equalBytes(await readAll(reader, key("a")), body, "the body for the other handle");
        equal((await reader.head(key("a"))).size, body.byteLength, "the size for the other handle");
        const [end] = await reader.getRanges(key("a"), [{ suffix: 10 }]);
        equalBytes(end ?? text(""), body.slice(-10), "the range for the other handle");
      }
    },
  ],
  [
    "delete",
    "what one handle deletes is gone for another that has read it",
    async ({ store, another, key }) => {
      const other = await another();
      await store.put(key("d/a"), text("x"));
      equalBytes(await readAll(other, key("d/a")), text("x"));
      equal(await store.delete(key("d/a")), "deleted", "the outcome");
      await refused(other.get(key("d/a")), "not-found", "get by the other handle");
      await refused(other.head(key("d/a")), "not-found", "head by the other handle");
      equal(await other.delete(key("d/a")), "absent", "the outcome of the other handle");
    },
  ],
  [
    "list",
    "a handle that has listed lists what another has written and deleted since",
    async ({ store, another, key, prefix }) => {
      const other = await another();
      const seen = async (): Promise<readonly string[]> => (await listAll(other, prefix)).map((info) => info.key);
      equal(await seen(), [], "the keys before the first write");
      await store.put(key("d/a"), text("1"));
      await store.put(key("e"), text("2"));
      equal(await seen(), [key("d/a"), key("e")], "the keys after two writes");
      await store.put(key("d/a"), text("longer"));
      equal((await listAll(other, prefix))[0]?.size, 6, "the size after an overwrite");
      await store.delete(key("d/a"));
      equal(await seen(), [key("e")], "the keys after a deletion");
    },
  ],
  [
    "folder",
    "a folder that one handle has emptied takes the writes of another that knew it",
    async ({ store, another, key, prefix }) => {
      const other = await another();
      for (let round = 0; round < 3; round++) {
        await other.put(key("d/e/a"), text("x"));
        await store.delete(key("d/e/a"));
        await other.put(key("d/e/b"), text(`${round}`));
        equalBytes(await readAll(store, key("d/e/b")), text(`${round}`));
        await store.delete(key("d/e/b"));
      }
      equal((await listAll(other, prefix)).length, 0, "the number of objects");
    },
  ],
  [
    "create",
    "of two handles one creates; after a deletion by the other it creates again",
    async ({ store, another, key }) => {
      const other = await another();
      await store.put(key("a"), text("1"), { mode: "create" });
      await refused(other.put(key("a"), text("2"), { mode: "create" }), "already-exists", "create by the other handle");
      await other.delete(key("a"));
      await store.put(key("a"), text("3"), { mode: "create" });
      equalBytes(await readAll(other, key("a")), text("3"));
    },
    "create",
  ],
  [
    "match",
    "a validator of one handle is good for another, and stale after its write",
    async ({ store, another, key }) => {
      const other = await another();
      const { etag = "" } = await store.put(key("a"), text("1"));
      await other.put(key("a"), text("2"), { mode: { ifMatch: etag } });
      const stale = store.put(key("a"), text("3"), { mode: { ifMatch: etag } });
      await refused(stale, "precondition-failed", "a validator that the other handle's write made stale");
      equalBytes(await readAll(store, key("a")), text("2"));
    },
    "ifMatch",
  ],
]);
