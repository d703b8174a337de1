import { inspect } from "node:util";
import { digest, parseKey } from "@mortise/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { storeError } from "../errors.ts";
import type { PartsServer, PartsServerOptions } from "../testing/parts-server.ts";
import { createPartsServer } from "../testing/parts-server.ts";
import type { UploadInPartsOptions } from "./contract.ts";
import { uploadInParts } from "./upload-in-parts.ts";

const key = parseKey("a/b");
const site = { operation: "test", store: "parts", key };
const bytesOf = (length: number, seed = 7) =>
  Uint8Array.from({ length }, (_, index) => (index * seed + (index >> 8)) % 251);

/** What is left behind by a process that was killed when these parts had arrived. */
async function killed(
  arrived: readonly number[],
  bytes: Uint8Array,
  partBytes: number,
  options: PartsServerOptions = {},
) {
  const server = createPartsServer(options);
  const upload = await server.multipart.start(key);
  for (const number of arrived) {
    await upload.uploadPart(number, bytes.subarray((number - 1) * partBytes, number * partBytes));
  }
  server.received.length = 0;
  return { server, uploadId: upload.id };
}
const send = (server: PartsServer, bytes: Uint8Array<ArrayBuffer>, options: UploadInPartsOptions) =>
  uploadInParts({ protocol: "parts", multipart: server.multipart }, key, new Blob([bytes]), options);

describe("uploadInParts", () => {
  it("tells the upload's id before it sends anything, and stores the source", async () => {
    const server = createPartsServer();
    const ids: string[] = [];
    const onStarted = async (id: string) => {
      await Promise.resolve();
      ids.push(`${id} ${server.received.length}`);
    };
    const { size } = await send(server, bytesOf(1_000), { partBytes: 300, onStarted });
    expect([size, ids]).toEqual([1_000, ["u0 0"]]);
    expect(Buffer.compare(server.completed[0] ?? bytesOf(0), bytesOf(1_000))).toBe(0);
  });

  it("continues an upload with the part size it was begun with, and sends only what is missing", async () => {
    const bytes = bytesOf(1_000);
    for (const md5 of [true, false]) {
      const { server, uploadId } = await killed([1, 2, 4], bytes, 150, { md5 });
      const progress: number[] = [];
      await send(server, bytes, { uploadId, partBytes: 400, onProgress: (each) => progress.push(each.bytes) });
      expect(server.received.toSorted((one, other) => one - other)).toEqual([3, 5, 6, 7]);
      expect(Buffer.compare(server.completed[0] ?? bytesOf(0), bytes)).toBe(0);
      expect([progress[0], progress.at(-1)]).toEqual([450, 1_000]);
    }
  });

  it("stores the source whatever parts were there, also those of another part size", async () => {
    const given = fc.record({
      length: fc.integer({ min: 0, max: 1_000 }),
      begun: fc.integer({ min: 50, max: 400 }),
      partBytes: fc.integer({ min: 50, max: 400 }),
      there: fc.uniqueArray(fc.integer({ min: 1, max: 8 }), { maxLength: 8 }),
      md5: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(given, async ({ length, begun, partBytes, there, md5 }) => {
        const bytes = bytesOf(length);
        const arrived = there.filter((number) => (number - 1) * begun < length);
        const { server, uploadId } = await killed(arrived, bytes, begun, { md5 });
        expect((await send(server, bytes, { uploadId, partBytes })).size).toBe(length);
        expect(Buffer.compare(server.completed[0] ?? bytesOf(1), bytes)).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  it("sends a part again whose MD5 is not that of the source", async () => {
    const { server, uploadId } = await killed([1, 2, 3], bytesOf(1_000, 11), 250);
    await send(server, bytesOf(1_000), { uploadId });
    expect(server.received.toSorted((one, other) => one - other)).toEqual([1, 2, 3, 4]);
    expect(Buffer.compare(server.completed[0] ?? bytesOf(0), bytesOf(1_000))).toBe(0);
  });

  it("goes on behind the parts of a sequential upload, and refuses a source that it is not of", async () => {
    const limits = { sequential: true, multiple: 10 };
    const { server, uploadId } = await killed([1, 2], bytesOf(1_000), 200, { limits });
    await expect(send(server, bytesOf(1_000, 11), { uploadId })).rejects.toMatchObject({ code: "checksum-mismatch" });
    await expect(send(server, bytesOf(300), { uploadId })).rejects.toMatchObject({ code: "checksum-mismatch" });
    expect(server.uploads.size).toBe(1);
    await send(server, bytesOf(1_000), { uploadId, partBytes: 500 });
    expect(server.received).toEqual([3, 4]);
    expect(Buffer.compare(server.completed[0] ?? bytesOf(0), bytesOf(1_000))).toBe(0);
  });

  it("leaves a failed upload open and names it, so that the next call finishes it", async () => {
    let fails = true;
    const server = createPartsServer({
      onPart: (number) => {
        if (fails && number === 3) throw storeError(site, "unavailable", "down");
      },
    });
    const options = { partBytes: 100, concurrency: 1 };
    await expect(send(server, bytesOf(500), options)).rejects.toMatchObject({
      code: "unavailable",
      retryable: true,
      hint: /uploadId "u0"/,
    });
    fails = false;
    await send(server, bytesOf(500), { ...options, uploadId: "u0" });
    expect(server.received).toEqual([1, 2, 3, 4, 5]);
  });

  it("shows no id of an upload that whoever has it may write to", async () => {
    const server = createPartsServer({
      limits: { secretId: true },
      onPart: () => {
        throw storeError(site, "unavailable", "down");
      },
    });
    const ids: string[] = [];
    const sent = send(server, bytesOf(500), { onStarted: (id) => void ids.push(id) });
    const error = await sent.catch((failure: unknown) => failure);
    expect(error).toMatchObject({ hint: /onStarted/ });
    expect([ids.length, inspect(error, { depth: 9 }).includes(`"${ids[0]}"`)]).toEqual([1, false]);
  });

  it("aborts an upload whose condition is refused: nothing could continue it", async () => {
    const server = createPartsServer({
      onComplete: ({ mode }) => {
        throw storeError(site, "already-exists", JSON.stringify(mode));
      },
    });
    await expect(send(server, bytesOf(10), { mode: "create" })).rejects.toMatchObject({ code: "already-exists" });
    expect(server.uploads.size).toBe(0);
  });

  it("refuses an unknown upload, a store without uploads, a wrong digest and an aborted signal, and sends nothing", async () => {
    const server = createPartsServer();
    await expect(send(server, bytesOf(10), { uploadId: "x" })).rejects.toMatchObject({ code: "not-found" });
    const bare = uploadInParts({ protocol: "parts" }, key, new Blob([]));
    await expect(bare).rejects.toMatchObject({ code: "unsupported" });
    const wrong = send(server, bytesOf(10), { expect: { md5: digest("md5", bytesOf(1)) } });
    await expect(wrong).rejects.toMatchObject({ code: "checksum-mismatch" });
    await expect(send(server, bytesOf(10), { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "aborted" });
    expect([server.received.length, server.uploads.size]).toEqual([0, 0]);
  });

  it("stores an empty source", async () => {
    const server = createPartsServer();
    expect((await send(server, bytesOf(0), {})).size).toBe(0);
  });
});
