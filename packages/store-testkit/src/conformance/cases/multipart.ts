import type { MultipartUpload, ObjectKey } from "@mortise/core";
import { isStoreError } from "@mortise/core";
import { uploadInParts } from "@mortise/store-kit";
import { equal, equalBytes, holds, refused } from "../assert.ts";
import type { CaseRow, ConformanceCase } from "../case.ts";
import { defineCases, listAll, pattern, readAll, text } from "../case.ts";
import { beginSmall, openUploads, partBytes, partsOf, sendSmall, smallPart, uploadsOf } from "../parts.ts";

const rows: readonly CaseRow[] = [
  [
    "parts",
    "full parts and a shorter last one become one object",
    async ({ store, key }) => {
      const upload = await uploadsOf(store).start(key("a"));
      const size = partBytes(upload);
      const body = pattern(2 * size + 77);
      const parts = [];
      for (let number = 1; number <= 3; number++) {
        const part = await upload.uploadPart(number, body.subarray((number - 1) * size, number * size));
        equal([part.number, part.size], [number, number === 3 ? 77 : size], "number and size of a part");
        parts.push(part);
      }
      const result = await upload.complete(parts);
      equal(result.size, body.byteLength, "the size in the result");
      equalBytes(await readAll(store, key("a")), body);
      const info = await store.head(key("a"));
      equal([info.size, info.etag], [body.byteLength, result.etag], "size and etag of head");
    },
  ],
  [
    "single",
    "an upload may have one part, however small",
    async ({ store, key }) => {
      const { upload, parts } = await beginSmall(store, key("a"), 1);
      await upload.complete(parts);
      equalBytes(await readAll(store, key("a")), smallPart(1));
    },
  ],
  [
    "empty",
    "an upload of one empty part is an empty object",
    async ({ store, key }) => {
      const upload = await uploadsOf(store).start(key("a"));
      equal((await upload.complete([await upload.uploadPart(1, new Uint8Array())])).size, 0, "the size in the result");
      equal((await store.head(key("a"))).size, 0, "the size");
    },
  ],
  [
    "order",
    "parts may be sent and named in any order, or the store says that they may not",
    async ({ store, key }) => {
      const upload = await uploadsOf(store).start(key("a"));
      const body = pattern(partBytes(upload) + 5);
      const rest = body.subarray(partBytes(upload));
      if (upload.limits.sequential === true) {
        await refused(upload.uploadPart(2, rest), "unsupported", "part 2 before part 1");
        await upload.abort();
        return;
      }
      const second = await upload.uploadPart(2, rest);
      const first = await upload.uploadPart(1, body.subarray(0, partBytes(upload)));
      await upload.complete([second, first]);
      equalBytes(await readAll(store, key("a")), body);
    },
  ],
  [
    "again",
    "a part may be sent again, and the last one counts, or the store says that it may not",
    async ({ store, key }) => {
      const upload = await uploadsOf(store).start(key("a"));
      const first = await sendSmall(upload, 1);
      if (upload.limits.sequential === true) {
        await refused(sendSmall(upload, 2), "unsupported", "a part that was sent");
        await upload.complete([first]);
        equalBytes(await readAll(store, key("a")), smallPart(1));
        return;
      }
      await upload.complete([await sendSmall(upload, 2)]);
      equalBytes(await readAll(store, key("a")), smallPart(2));
    },
  ],
  [
    "own-bytes",
    "an array that was sent may be used again",
    async ({ store, key }) => {
      const upload = await uploadsOf(store).start(key("a"));
      const bytes = smallPart(1);
      const part = await upload.uploadPart(1, bytes);
      bytes.fill(0);
      await upload.complete([part]);
      equalBytes(await readAll(store, key("a")), smallPart(1));
    },
  ],
  [
    "unseen",
    "before its end an upload is seen by nothing, and the old object stays",
    async ({ store, key, prefix }) => {
      await store.put(key("a"), text("old"));
      const one = await beginSmall(store, key("a"), 1);
      const other = await beginSmall(store, key("b"), 2);
      equalBytes(await readAll(store, key("a")), text("old"));
      await refused(store.head(key("b")), "not-found", "head of what is being uploaded");
      equal((await listAll(store, prefix)).length, 1, "the number of objects");
      await one.upload.complete(one.parts);
      equalBytes(await readAll(store, key("a")), smallPart(1));
      await other.upload.abort();
    },
  ],
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
          if (bytes >= partBytes) controller.abort();
        },
      });
      await refused(broken, "aborted", "an upload that is aborted");
      const other = await another();
      const had: number[] = [];
      const onProgress = ({ bytes }: { readonly bytes: number }): unknown => had.push(bytes);
      await uploadInParts(other, key("a"), source, { uploadId, partBytes, onProgress });
      equal(had[0], partBytes, "what the upload had already");
      equalBytes(await readAll(other, key("a")), pattern(partBytes + 33));
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
    "open uploads are listed with key, id and time, below a prefix",
    async ({ store, key, prefix }) => {
      const one = await beginSmall(store, key("d/a"), 1);
      const other = await beginSmall(store, key("e/b"), 2);
      const found = [];
      for await (const each of uploadsOf(store).list({ prefix })) found.push(each);
      equal(found.map((each) => each.key).sort(), [key("d/a"), key("e/b")], "the keys");
      equal(found.map((each) => each.id).sort(), [one.upload.id, other.upload.id].sort(), "the ids");
      holds(
        found.every((each) => Math.abs(Date.now() - each.startedAt.getTime()) < 24 * 3_600_000),
        "uploads should tell when they were begun",
      );
      equal(await openUploads(store, key("d")), [one.upload.id], "the uploads below d");
      await Promise.all([one.upload.abort(), other.upload.abort()]);
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
    "missing-part",
    "completing with a part that was never sent is refused and leaves the old object",
    async ({ store, key }) => {
      await store.put(key("a"), text("old"));
      const upload = await uploadsOf(store).start(key("a"));
      const first = await upload.uploadPart(1, pattern(partBytes(upload)));
      const parts = [first, { ...first, number: 2, size: 700 }];
      await refused(
        upload.complete(parts),
        ["protocol", "not-found", "unsupported", "checksum-mismatch"],
        "completing with a part that is missing",
      );
      equalBytes(await readAll(store, key("a")), text("old"));
      await upload.abort();
    },
  ],
  [
    "bad-number",
    "a part's number is from 1 to maxParts",
    async ({ store, key }) => {
      const upload = await uploadsOf(store).start(key("a"));
      for (const number of [0, -1, 1.5, Number.NaN, upload.limits.maxParts + 1]) {
        await refused(upload.uploadPart(number, text("x")), "unsupported", `part ${number}`);
      }
      await upload.abort();
    },
  ],
  [
    "bad-key",
    "an upload to a key that is none is refused",
    async ({ store }) => {
      for (const key of ["../x", "/a", "a//b", ""]) {
        await refused(uploadsOf(store).start(key as ObjectKey), "invalid-key", JSON.stringify(key));
      }
    },
  ],
  [
    "metadata",
    "type and metadata of the start are the object's",
    async ({ store, key }) => {
      const described = { contentType: "image/x-test", metadata: { camera: "left" } };
      const { upload, parts } = await beginSmall(store, key("a"), 1, described);
      await upload.complete(parts, described);
      const { contentType, metadata } = await store.head(key("a"));
      equal([contentType, metadata?.["camera"]], ["image/x-test", "left"], "type and metadata");
    },
    "metadata",
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
];

/** Uploads in parts that outlive the process that began them. */
export const multipartCases: readonly ConformanceCase[] = defineCases(
  "multipart",
  rows.map(([rule, title, body, ...requires]): CaseRow => [rule, title, body, "multipart", ...requires]),
);

async function limitsOf(store: Parameters<typeof uploadsOf>[0], key: ObjectKey): Promise<MultipartUpload["limits"]> {
  const upload = await uploadsOf(store).start(key);
  await upload.abort();
  return upload.limits;
}

async function openAndRead(store: Parameters<typeof uploadsOf>[0], key: ObjectKey, id: string): Promise<void> {
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
