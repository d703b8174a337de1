import type { ObjectKey } from "@mortise/core";
import { equal, equalBytes, refused } from "../assert.ts";
import type { ConformanceCase } from "../case.ts";
import { defineCases, listAll, pattern, readAll, text } from "../case.ts";
import { beginSmall, needingMultipart, partBytes, sendSmall, smallPart, uploadsOf } from "../parts.ts";

/** Uploads in parts: what becomes of the parts. */
export const multipartCases: readonly ConformanceCase[] = defineCases(
  "multipart",
  needingMultipart([
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
        equal(
          (await upload.complete([await upload.uploadPart(1, new Uint8Array())])).size,
          0,
          "the size in the result",
        );
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
  ]),
);
