import type { Bytes } from "@mortise/core";
import { digest } from "@mortise/core";
import { equal, equalBytes, refused } from "../assert.ts";
import type { ConformanceCase } from "../case.ts";
import { defineCases, listAll, pattern, readAll, text } from "../case.ts";
import { openUploads } from "../parts.ts";

const MiB = 1024 ** 2;
/** Above what any store sends in one request, and no multiple of anything. */
const size = 20 * MiB + 3;

/** The bytes as a source of unknown length, in chunks of an odd size. */
async function* chunked(bytes: Bytes): AsyncGenerator<Bytes> {
  const step = 300_007;
  for (let start = 0; start < bytes.byteLength; start += step) {
    yield await Promise.resolve(bytes.subarray(start, start + step));
  }
}

/** Half of a large body, and then `end`. */
async function* half(end: () => Promise<unknown>): AsyncGenerator<Bytes> {
  for (let sent = 0; sent < 12; sent++) yield pattern(MiB, sent);
  await end();
}

/** Bodies that are too large for one request of most servers. */
export const largeCases: readonly ConformanceCase[] = defineCases("large", [
  [
    "stream",
    "a stream of 20 MiB and unknown length is stored as it is, and its ranges are its own",
    async ({ store, key }) => {
      const body = pattern(size);
      const result = await store.put(key("a"), chunked(body), { compute: ["md5"] });
      equal([result.size, result.checksums.md5], [size, digest("md5", body)], "size and MD5 in the result");
      const info = await store.head(key("a"));
      equal([info.size, info.etag], [size, result.etag], "size and etag of head");
      equalBytes(await readAll(store, key("a")), body);
      const ranges = [{ offset: 8 * MiB - 5, length: 10 }, { suffix: 7 }, { offset: 16 * MiB + 1, length: 2 * MiB }];
      const found = await store.getRanges(key("a"), ranges);
      equalBytes(found[0] ?? text(""), body.subarray(8 * MiB - 5, 8 * MiB + 5), "the first range");
      equalBytes(found[1] ?? text(""), body.subarray(size - 7), "the last bytes");
      equalBytes(found[2] ?? text(""), body.subarray(16 * MiB + 1, 18 * MiB + 1), "the large range");
    },
  ],
  [
    "abort",
    "a large write that is aborted midway leaves the old object and no upload",
    async ({ store, key, prefix }) => {
      await store.put(key("a"), text("old"));
      const controller = new AbortController();
      const source = half(() => {
        controller.abort();
        return new Promise(() => undefined);
      });
      await refused(store.put(key("a"), source, { signal: controller.signal }), "aborted", "an aborted put");
      equalBytes(await readAll(store, key("a")), text("old"));
      equal((await listAll(store, prefix)).length, 1, "the number of objects");
      if (store.multipart !== undefined) equal(await openUploads(store, prefix), [], "the open uploads");
    },
  ],
  [
    "source-fails",
    "a large write whose source fails midway leaves the old object, and the source's error is the cause",
    async ({ store, key, prefix }) => {
      await store.put(key("a"), text("old"));
      const reason = new Error("the instrument was unplugged");
      const error = await store
        .put(
          key("a"),
          half(() => Promise.reject(reason)),
        )
        .catch((thrown: unknown) => thrown);
      await refused(Promise.reject(error), "unknown", "a put whose source fails");
      equal((error as Error).cause === reason, true, "whether the source's error is the cause");
      equalBytes(await readAll(store, key("a")), text("old"));
      equal((await listAll(store, prefix)).length, 1, "the number of objects");
    },
  ],
  [
    "wrong-digest",
    "a large body with another digest than promised leaves the old object",
    async ({ store, key }) => {
      await store.put(key("a"), text("old"));
      const expect = { md5: "0".repeat(32) };
      await refused(store.put(key("a"), chunked(pattern(9 * MiB)), { expect }), "checksum-mismatch", "a wrong MD5");
      equalBytes(await readAll(store, key("a")), text("old"));
    },
  ],
  [
    "create-exists",
    "create of a large body refuses what is there and leaves it",
    async ({ store, key }) => {
      await store.put(key("a"), text("old"));
      const writing = store.put(key("a"), chunked(pattern(9 * MiB)), { mode: "create" });
      await refused(writing, "already-exists", "create of what exists");
      equalBytes(await readAll(store, key("a")), text("old"));
    },
    "create",
  ],
]);
