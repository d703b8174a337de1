import { equal, equalBytes, holds, refused, stillTold } from "../assert.ts";
import type { CaseRow, ConformanceCase } from "../case.ts";
import { defineCases, generate, listAll, pattern, readAll, readStream, text } from "../case.ts";

const sizes = [0, 1, 255, 65_535, 65_536, 65_537, 300_000, 3_000_000] as const;

/** What comes in comes out, whatever its size and kind; and what is refused changes nothing. */
export const putCases: readonly ConformanceCase[] = defineCases("put", [
  ...sizes.map(
    (size): CaseRow => [
      `bytes-${size}`,
      `an array of ${size} bytes is stored as it is`,
      async ({ store, key }) => {
        const body = pattern(size);
        const result = await store.put(key("a"), body);
        equal(result.size, size, "the size in the result");
        equalBytes(await readAll(store, key("a")), body);
      },
    ],
  ),
  [
    "view",
    "a view stores its own bytes, not the buffer behind it",
    async ({ store, key }) => {
      const whole = pattern(1_000);
      await store.put(key("a"), whole.subarray(100, 200));
      equalBytes(await readAll(store, key("a")), whole.slice(100, 200));
    },
  ],
  [
    "blob",
    "a Blob is stored",
    async ({ store, key }) => {
      const body = pattern(200_000);
      equal((await store.put(key("a"), new Blob([body]))).size, 200_000, "the size in the result");
      equalBytes(await readAll(store, key("a")), body);
    },
  ],
  [
    "blob-empty",
    "an empty Blob is an empty object",
    async ({ store, key }) => {
      await store.put(key("a"), new Blob([]));
      equal((await store.head(key("a"))).size, 0, "the size");
    },
  ],
  [
    "stream",
    "a Web stream is stored",
    async ({ store, key }) => {
      const body = pattern(700_000);
      equal((await store.put(key("a"), new Blob([body]).stream())).size, 700_000, "the size in the result");
      equalBytes(await readAll(store, key("a")), body);
    },
  ],
  [
    "iterable",
    "the chunks of an async iterable are stored in order",
    async ({ store, key }) => {
      const body = pattern(100_000);
      const chunks = [body.subarray(0, 1), body.subarray(1, 1), body.subarray(1, 70_000), body.subarray(70_000)];
      equal((await store.put(key("a"), generate(...chunks))).size, 100_000, "the size in the result");
      equalBytes(await readAll(store, key("a")), body);
    },
  ],
  [
    "iterable-empty",
    "an iterable without chunks is an empty object",
    async ({ store, key }) => {
      equal((await store.put(key("a"), generate())).size, 0, "the size in the result");
      equal((await readAll(store, key("a"))).byteLength, 0, "the size");
    },
  ],
  [
    "many-small-chunks",
    "thousands of tiny chunks are stored",
    async ({ store, key }) => {
      const body = pattern(20_000);
      const chunks = Array.from({ length: 5_000 }, (_, index) => body.subarray(index * 4, index * 4 + 4));
      await store.put(key("a"), generate(...chunks), { size: 20_000 });
      equalBytes(await readAll(store, key("a")), body);
    },
  ],
  [
    "reused-buffer",
    "a source may reuse its buffer for the next chunk",
    async ({ store, key }) => {
      async function* reusing(): AsyncGenerator<Uint8Array> {
        const buffer = new Uint8Array(1_000);
        for (let round = 0; round < 50; round++) {
          buffer.fill(round);
          yield await Promise.resolve(buffer);
        }
      }
      await store.put(key("a"), reusing());
      const found = await readAll(store, key("a"));
      equal(found.byteLength, 50_000, "the size");
      holds(
        found.every((byte, index) => byte === Math.floor(index / 1_000)),
        "each chunk should be stored as it was when it was given",
      );
    },
  ],
  [
    "size-right",
    "a stream of the promised size is stored",
    async ({ store, key }) => {
      await store.put(key("a"), generate(pattern(5_000)), { size: 5_000 });
      equalBytes(await readStream(store, key("a")), pattern(5_000));
    },
  ],
  [
    "size-short",
    "a stream shorter than promised is refused and leaves nothing",
    async ({ store, key, prefix }) => {
      await refused(
        store.put(key("a"), generate(pattern(4_999)), { size: 5_000 }),
        "checksum-mismatch",
        "a short body",
      );
      equal((await listAll(store, prefix)).length, 0, "the number of objects");
    },
  ],
  [
    "size-long",
    "a stream longer than promised is refused and leaves the old object",
    async ({ store, key }) => {
      await store.put(key("a"), text("old"));
      await refused(store.put(key("a"), generate(pattern(5_001)), { size: 5_000 }), "checksum-mismatch", "a long body");
      equalBytes(await readAll(store, key("a")), text("old"));
    },
  ],
  [
    "size-bytes",
    "an array of another length than promised is refused",
    async ({ store, key }) => {
      await refused(store.put(key("a"), text("four"), { size: 5 }), "checksum-mismatch", "an array of another length");
      await refused(store.head(key("a")), "not-found", "head of what was refused");
    },
  ],
  [
    "size-nonsense",
    "a size that is no whole number is refused",
    async ({ store, key }) => {
      for (const size of [-1, 1.5, Number.NaN]) {
        await refused(store.put(key("a"), text("x"), { size }), "checksum-mismatch", `a size of ${size}`);
      }
      await refused(store.head(key("a")), "not-found", "head of what was refused");
    },
  ],
  [
    "overwrite",
    "an overwrite replaces longer and shorter bodies whole",
    async ({ store, key }) => {
      for (const size of [10, 100_000, 5, 0, 7]) {
        await store.put(key("a"), pattern(size, size + 1), { mode: "overwrite" });
        equalBytes(await readAll(store, key("a")), pattern(size, size + 1));
      }
    },
  ],
  [
    "neighbours",
    "a write changes no other object",
    async ({ store, key }) => {
      await store.put(key("d/a"), text("1"));
      await store.put(key("d/a1"), text("2"));
      await store.put(key("d/b"), text("3"));
      await store.put(key("d/a"), text("4"));
      equalBytes(await readAll(store, key("d/a1")), text("2"));
      equalBytes(await readAll(store, key("d/b")), text("3"));
    },
  ],
  [
    "mutated-later",
    "what the caller does to an array after the write changes nothing",
    async ({ store, key }) => {
      // A Buffer's slice() is a view, unlike that of the array it pretends to be.
      for (const body of [pattern(1_000), Buffer.from(pattern(1_000))]) {
        await store.put(key("a"), body);
        body.fill(0);
        equalBytes(await readAll(store, key("a")), pattern(1_000));
      }
    },
  ],
  [
    "progress",
    "progress grows to the whole size and carries the total where it is known",
    async ({ store, key }) => {
      const seen: { readonly bytes: number; readonly total?: number | undefined }[] = [];
      await store.put(key("a"), generate(pattern(1_000), pattern(2_000)), {
        size: 3_000,
        onProgress: (progress) => seen.push(progress),
      });
      holds(seen.length > 0, "progress should be reported");
      equal(seen.at(-1), { bytes: 3_000, total: 3_000 }, "the last progress");
      holds(
        seen.every((step, index) => index === 0 || step.bytes >= (seen[index - 1]?.bytes ?? 0)),
        "progress should never go back",
      );
    },
  ],
  [
    "progress-bytes",
    "progress is reported for arrays too",
    async ({ store, key }) => {
      let last = 0;
      await store.put(key("a"), pattern(100), { onProgress: ({ bytes }) => (last = bytes) });
      equal(last, 100, "the bytes of the last progress");
    },
  ],
  [
    "etag",
    "the validator in the result is the one that head tells",
    async ({ store, key }) => {
      const { etag } = await store.put(key("a"), text("x"));
      stillTold(etag, (await store.head(key("a"))).etag);
      const needed = store.capabilities.putModes.has("ifMatch");
      holds(etag !== undefined || !needed, "a store with ifMatch should tell a validator with every write");
    },
  ],
]);
