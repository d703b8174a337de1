import { chunksOf, collect } from "@mortise/store-kit";
import { equal, equalBytes, holds, refused, stillTold } from "../assert.ts";
import type { ConformanceCase } from "../case.ts";
import { defineCases, pattern, readAll, readStream, text } from "../case.ts";

/** Reading: the stream and the array, what is said of the object, and what becomes of results that are not read. */
export const getCases: readonly ConformanceCase[] = defineCases("get", [
  [
    "stream",
    "the body is a stream of all bytes",
    async ({ store, key }) => {
      await store.put(key("a"), pattern(900_000));
      equalBytes(await readStream(store, key("a")), pattern(900_000));
    },
  ],
  [
    "stream-small",
    "the body of a small object is a stream too",
    async ({ store, key }) => {
      await store.put(key("a"), text("small"));
      equalBytes(await readStream(store, key("a")), text("small"));
    },
  ],
  [
    "stream-empty",
    "the body of an empty object ends at once",
    async ({ store, key }) => {
      await store.put(key("a"), new Uint8Array());
      equal((await readStream(store, key("a"))).byteLength, 0, "the size");
    },
  ],
  [
    "bytes",
    "bytes() is the whole body",
    async ({ store, key }) => {
      await store.put(key("a"), pattern(900_000));
      equalBytes(await readAll(store, key("a")), pattern(900_000));
    },
  ],
  [
    "bytes-own",
    "what is read is the caller's: changing it changes no object",
    async ({ store, key }) => {
      await store.put(key("a"), pattern(100));
      (await readAll(store, key("a"))).fill(0);
      equalBytes(await readAll(store, key("a")), pattern(100));
    },
  ],
  [
    "missing",
    "a missing object is not-found",
    async ({ store, key }) => refused(store.get(key("nothing")), "not-found", "get of nothing"),
  ],
  [
    "missing-folder",
    "the beginning of a key is no object",
    async ({ store, key }) => {
      await store.put(key("folder/a"), text("x"));
      await refused(store.get(key("folder")), "not-found", "get of a folder");
      await refused(store.head(key("folder")), "not-found", "head of a folder");
    },
  ],
  [
    "missing-below",
    "what would be below an object is not there",
    async ({ store, key }) => {
      await store.put(key("a"), text("x"));
      await refused(store.get(key("a/b")), "not-found", "get below an object");
      await refused(store.head(key("a/b")), "not-found", "head below an object");
    },
  ],
  [
    "info",
    "the result tells key, size, time and validator",
    async ({ store, key }) => {
      const { etag } = await store.put(key("a"), text("five!"));
      await using result = await store.get(key("a"));
      equal(result.info.key, key("a"), "info.key");
      equal(result.info.size, 5, "info.size");
      stillTold(etag, result.info.etag, "info.etag");
      equal(result.range, { offset: 0, length: 5 }, "the range");
      holds(result.info.lastModified instanceof Date, "info.lastModified should be a Date");
    },
  ],
  [
    "head",
    "head tells what get tells",
    async ({ store, key }) => {
      await store.put(key("a"), pattern(1_234));
      await using result = await store.get(key("a"));
      const info = await store.head(key("a"));
      equal([info.key, info.size], [key("a"), 1_234], "what head tells");
      stillTold(result.info.etag, info.etag);
      equal(info.lastModified.getTime(), result.info.lastModified.getTime(), "lastModified");
    },
  ],
  [
    "head-missing",
    "head of a missing object is not-found",
    async ({ store, key }) => refused(store.head(key("nothing")), "not-found", "head of nothing"),
  ],
  [
    "last-modified",
    "lastModified is about now",
    async ({ store, key }) => {
      await store.put(key("a"), text("x"));
      const age = Math.abs(Date.now() - (await store.head(key("a"))).lastModified.getTime());
      // Clocks of servers differ; a unit that is wrong by a thousand does not pass.
      holds(age < 24 * 3_600_000, `lastModified should be within a day of now, it is ${age} ms away`);
    },
  ],
  [
    "not-read",
    "a result that is disposed unread disturbs nothing",
    async ({ store, key }) => {
      await store.put(key("a"), pattern(600_000));
      for (let round = 0; round < 100; round++) await (await store.get(key("a")))[Symbol.asyncDispose]();
      equalBytes(await readAll(store, key("a")), pattern(600_000));
    },
  ],
  [
    "dispose-twice",
    "a result may be disposed twice, and after it was read",
    async ({ store, key }) => {
      await store.put(key("a"), pattern(600_000));
      const result = await store.get(key("a"));
      await result.bytes();
      await result[Symbol.asyncDispose]();
      await result[Symbol.asyncDispose]();
    },
  ],
  [
    "cancel",
    "a body may be cancelled in the middle",
    async ({ store, key }) => {
      await store.put(key("a"), pattern(2_000_000));
      const reader = (await store.get(key("a"))).body.getReader();
      const first = await reader.read();
      holds((first.value?.byteLength ?? 0) > 0, "the first chunk should have bytes");
      await reader.cancel();
      equalBytes(await readAll(store, key("a")), pattern(2_000_000));
    },
  ],
  [
    "body-once",
    "a body is read once",
    async ({ store, key }) => {
      await store.put(key("a"), text("x"));
      await using result = await store.get(key("a"));
      await collect(chunksOf(result.body));
      await refused(result.bytes(), "unsupported", "bytes() after the body was read");
    },
  ],
  [
    "snapshot",
    "a body that is read during an overwrite is the old one or the new one",
    async ({ store, key }) => {
      await store.put(key("a"), pattern(1_500_000, 1));
      const reading = await store.get(key("a"));
      const reader = reading.body.getReader();
      const parts: Uint8Array[] = [];
      const first = await reader.read();
      if (first.value !== undefined) parts.push(new Uint8Array(first.value));
      await store.put(key("a"), pattern(1_500_000, 2));
      let failed = false;
      try {
        for (let next = await reader.read(); !next.done; next = await reader.read())
          parts.push(new Uint8Array(next.value));
      } catch {
        // A store that can't keep the old one may say so; it may not mix the two.
        failed = true;
      }
      if (!failed)
        equalBytes(
          new Uint8Array(await new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer()),
          pattern(1_500_000, 1),
        );
      await reading[Symbol.asyncDispose]();
      equalBytes(await readAll(store, key("a")), pattern(1_500_000, 2));
    },
  ],
  [
    "read-your-write",
    "what was written is seen at once by get, head and list",
    async ({ store, key, prefix }) => {
      for (let round = 0; round < 10; round++) {
        await store.put(key(`n${round}`), text(`${round}`));
        equalBytes(await readAll(store, key(`n${round}`)), text(`${round}`));
        equal((await store.head(key(`n${round}`))).size, 1, "the size");
        let count = 0;
        for await (const page of store.list({ prefix })) count += page.objects.length;
        equal(count, round + 1, "the number of objects listed");
      }
    },
  ],
]);
