import type { MultipartUpload, ObjectKey, ObjectStore } from "@mortise/core";
import { isStoreError } from "@mortise/core";
import { uploadInParts } from "@mortise/store-kit";
import { equal, equalBytes, holds, refused } from "../assert.ts";
import type { ConformanceCase } from "../case.ts";
import { defineCases, listAll, pattern, readAll, text } from "../case.ts";
import {
  beginSmall,
  listUploads,
  needingMultipart,
  openUploads,
  partBytes,
  partsOf,
  smallPart,
  uploadsOf,
} from "../parts.ts";

/** Uploads in parts: how they go on in another process, and how they end. */
export const multipartLifeCases: readonly ConformanceCase[] = defineCases(
  "multipart",
  needingMultipart([
    [
      "resume",
      "another process continues an upload by its id",
      async ({ store, key, another }) => {
        const begun = await uploadsOf(store).start(key("a"));
        const body = pattern(partBytes(begun) + 9);
        await begun.uploadPart(1, body.subarray(0, partBytes(begun)));
        await store.close();
        const other = await another();
        const upload = await uploadsOf(other).resume(key("a"), begun.id);
        equal(upload.id, begun.id, "the id");
        const there = await partsOf(upload);
        equal(
          there.map(({ number, size }) => [number, size]),
          [[1, partBytes(begun)]],
          "the parts that are there",
        );
        const last = await upload.uploadPart(2, body.subarray(partBytes(begun)));
        await upload.complete([...there, last]);
        equalBytes(await readAll(other, key("a")), body);
      },
    ],
    [
      "continue",
      "uploadInParts sends only what an upload that broke off lacks",
      async ({ store, key, another }) => {
        const limits = await limitsOf(store, key("limits"));
        const partBytes = Math.ceil(Math.max(limits.minPart, 1_000) / (limits.multiple ?? 1)) * (limits.multiple ?? 1);
        const source = new Blob([pattern(partBytes + 33)]);
        const controller = new AbortController();
        let uploadId = "";
        const broken = uploadInParts(store, key("a"), source, {
          partBytes,
          concurrency: 1,
          signal: controller.signal,
          onStarted: (id) => {
            uploadId = id;
          },
          onProgress: ({ bytes }) => {
            // The second part is begun when the first is there.
            if (bytes > partBytes) controller.abort();
          },
        });
        await refused(broken, "aborted", "an upload that is aborted");
        const other = await another();
        const sent: number[] = [];
        const there = await partsOf(await uploadsOf(other).resume(key("a"), uploadId));
        // Where parts have no digest, they are sent again unless the caller vouches for the source.
        const trustSizes = there.some((part) => part.checksums?.md5 === undefined);
        await uploadInParts(countingParts(other, sent), key("a"), source, { uploadId, partBytes, trustSizes });
        equal(sent.includes(1), false, "whether the part that was there was sent again");
        equalBytes(await readAll(other, key("a")), pattern(partBytes + 33));
      },
    ],
    [
      "continue-changed",
      "uploadInParts that continues with another source of the same size stores all of it, or refuses and stores nothing",
      async ({ store, key, another }) => {
        const begun = await uploadsOf(store).start(key("a"));
        const size = partBytes(begun);
        const changed = pattern(size + 33, 2);
        await begun.uploadPart(1, pattern(size, 1));
        const other = await another();
        const continued = uploadInParts(other, key("a"), new Blob([changed]), { uploadId: begun.id, partBytes: size });
        const done = await continued.catch((error: unknown) => {
          if (!isStoreError(error)) throw error;
        });
        if (done !== undefined) return equalBytes(await readAll(other, key("a")), changed);
        await begun.abort();
        await refused(other.head(key("a")), "not-found", "reading what may be of two sources");
      },
    ],
    [
      "unknown",
      "an unknown upload is not-found",
      async ({ store, key }) => {
        const { upload } = await beginSmall(store, key("a"), 1);
        await upload.abort();
        await refused(openAndRead(store, key("a"), upload.id), "not-found", "an upload that was aborted");
      },
    ],
    [
      "list",
      "open uploads are listed with key, id and time, below a prefix, or the store says that it can't",
      async ({ store, key, prefix }) => {
        const one = await beginSmall(store, key("d/a"), 1);
        const other = await beginSmall(store, key("e/b"), 2);
        const found = await listUploads(store, prefix);
        const below = await openUploads(store, key("d"));
        await Promise.all([one.upload.abort(), other.upload.abort()]);
        if (found === undefined) return;
        equal(found.map((each) => each.key).sort(), [key("d/a"), key("e/b")], "the keys");
        equal(found.map((each) => each.id).sort(), [one.upload.id, other.upload.id].sort(), "the ids");
        holds(
          found.every((each) => Math.abs(Date.now() - each.startedAt.getTime()) < 24 * 3_600_000),
          "uploads should tell when they were begun",
        );
        equal(below, [one.upload.id], "the uploads below d");
      },
    ],
    [
      "list-ended",
      "uploads that have ended are not listed",
      async ({ store, key, prefix }) => {
        const one = await beginSmall(store, key("a"), 1);
        const other = await beginSmall(store, key("b"), 2);
        await one.upload.complete(one.parts);
        await other.upload.abort();
        equal(await openUploads(store, prefix), [], "the open uploads");
      },
    ],
    [
      "abort",
      "an aborted upload leaves the old object and nothing else, and may be aborted again",
      async ({ store, key, prefix }) => {
        await store.put(key("a"), text("old"));
        const { upload, parts } = await beginSmall(store, key("a"), 1);
        await upload.abort();
        await upload.abort();
        equal(await left(upload), 0, "the number of parts left");
        await refused(upload.complete(parts), ["not-found", "protocol"], "completing what was aborted");
        equalBytes(await readAll(store, key("a")), text("old"));
        equal((await listAll(store, prefix)).length, 1, "the number of objects");
      },
    ],
    [
      "complete-twice",
      "completing again changes nothing",
      async ({ store, key }) => {
        const { upload, parts } = await beginSmall(store, key("a"), 1);
        const { etag } = await upload.complete(parts);
        const again = await upload.complete(parts).catch((error: unknown) => {
          if (!isStoreError(error, "not-found")) throw error;
        });
        if (again !== undefined) equal(again.size, 700, "the size in the second result");
        equalBytes(await readAll(store, key("a")), smallPart(1));
        equal((await store.head(key("a"))).etag, etag, "the etag");
      },
    ],
    [
      "signal",
      "nothing is done under a signal that is aborted already",
      async ({ store, key, prefix }) => {
        const signal = AbortSignal.abort(new Error("by the suite"));
        await refused(uploadsOf(store).start(key("a"), { signal }), "aborted", "start");
        const { upload, parts } = await beginSmall(store, key("a"), 1);
        await refused(upload.uploadPart(2, text("x"), { signal }), "aborted", "uploadPart");
        await refused(upload.complete(parts, { signal }), "aborted", "complete");
        equal((await listAll(store, prefix)).length, 0, "the number of objects");
        await upload.abort();
      },
    ],
    [
      "closed",
      "a closed store takes no uploads, and keeps those that are open for others",
      async ({ store, key, another }) => {
        const { upload, parts } = await beginSmall(store, key("a"), 1);
        await store.close();
        await refused(uploadsOf(store).start(key("b")), "aborted", "start");
        await refused(upload.complete(parts), "aborted", "complete");
        const other = await another();
        const resumed = await uploadsOf(other).resume(key("a"), upload.id);
        await resumed.complete(await partsOf(resumed));
        equalBytes(await readAll(other, key("a")), smallPart(1));
      },
    ],
  ]),
);

async function limitsOf(store: ObjectStore, key: ObjectKey): Promise<MultipartUpload["limits"]> {
  const upload = await uploadsOf(store).start(key);
  await upload.abort();
  return upload.limits;
}

/** The store's uploads; the numbers of the parts that are sent to continued ones come into `sent`. */
function countingParts(
  store: ObjectStore,
  sent: number[],
): Pick<ObjectStore, "capabilities" | "multipart" | "protocol"> {
  const uploads = uploadsOf(store);
  return {
    protocol: store.protocol,
    capabilities: store.capabilities,
    multipart: {
      ...uploads,
      async resume(key, id, options) {
        const upload = await uploads.resume(key, id, options);
        return {
          ...upload,
          uploadPart(number, part, call) {
            sent.push(number);
            return upload.uploadPart(number, part, call);
          },
        };
      },
    },
  };
}

async function openAndRead(store: ObjectStore, key: ObjectKey, id: string): Promise<void> {
  await partsOf(await uploadsOf(store).resume(key, id));
}

/** The parts that the server still has; an upload that it does not know has none. */
async function left(upload: MultipartUpload): Promise<number> {
  try {
    return (await partsOf(upload)).length;
  } catch (error) {
    if (isStoreError(error, "not-found")) return 0;
    throw error;
  }
}
