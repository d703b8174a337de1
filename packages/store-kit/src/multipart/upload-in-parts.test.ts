import { inspect } from "node:util";
import type { ChecksumAlgorithm, Progress } from "@mortise/core";
import { digest, parseKey } from "@mortise/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { storeError } from "../errors.ts";
import { createSemaphore } from "../limits/semaphore.ts";
import type { PartsServer, PartsServerOptions } from "../testing/parts-server.ts";
import { createPartsServer } from "../testing/parts-server.ts";
import { shareBudget } from "./budget.ts";
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
const plain: { readonly checksums: ReadonlySet<ChecksumAlgorithm> } = { checksums: new Set() };
const comparing: typeof plain = { checksums: new Set(["crc32c"]) };
const send = (
  { multipart }: PartsServer,
  bytes: Uint8Array<ArrayBuffer>,
  options: UploadInPartsOptions,
  capabilities = plain,
) => uploadInParts({ protocol: "parts", multipart, capabilities }, key, new Blob([bytes]), options);

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
      const onProgress = (each: Progress) => progress.push(each.bytes);
      await send(server, bytes, { uploadId, partBytes: 400, trustSizes: !md5, onProgress });
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
      trustSizes: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(given, async ({ length, begun, partBytes, there, md5, trustSizes }) => {
        const bytes = bytesOf(length);
        const arrived = there.filter((number) => (number - 1) * begun < length);
        const { server, uploadId } = await killed(arrived, bytes, begun, { md5 });
        expect((await send(server, bytes, { uploadId, partBytes, trustSizes })).size).toBe(length);
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

  it("sends all parts again that the server tells only the size of, for the source may have changed", async () => {
    const { server, uploadId } = await killed([1, 2, 3], bytesOf(1_000, 11), 250, { md5: false });
    await send(server, bytesOf(1_000), { uploadId, partBytes: 250 });
    expect(server.received.toSorted((one, other) => one - other)).toEqual([1, 2, 3, 4]);
    expect(Buffer.compare(server.completed[0] ?? bytesOf(0), bytesOf(1_000))).toBe(0);
  });

  it("proves by a digest of the whole that a sequential upload is of this source", async () => {
    for (const whole of ["compared", "told"] as const) {
      const options: PartsServerOptions = { limits: { sequential: true }, md5: false, whole };
      const { server, uploadId } = await killed([1, 2], bytesOf(1_000), 200, options);
      const call = { uploadId, partBytes: 200 };
      const changed = send(server, bytesOf(1_000, 11), call, comparing);
      await expect(changed).rejects.toMatchObject({ code: "checksum-mismatch", hint: /not of this source/ });
      // Where the server compares, nothing was written.
      expect(server.completed.length).toBe(whole === "compared" ? 0 : 1);
      const again = await killed([1, 2], bytesOf(1_000), 200, options);
      await send(again.server, bytesOf(1_000), { uploadId: again.uploadId, partBytes: 200 }, comparing);
      expect(again.server.received).toEqual([3, 4, 5]);
      expect(Buffer.compare(again.server.completed[0] ?? bytesOf(0), bytesOf(1_000))).toBe(0);
    }
  });

  it("refuses to continue a sequential upload that nothing can prove to be of this source, unless sizes are trusted", async () => {
    const options: PartsServerOptions = { limits: { sequential: true }, md5: false };
    const { server, uploadId } = await killed([1, 2], bytesOf(1_000), 200, options);
    await expect(send(server, bytesOf(1_000), { uploadId })).rejects.toMatchObject({
      code: "unsupported",
      hint: /trustSizes/,
    });
    expect([server.received.length, server.uploads.size]).toEqual([0, 1]);
    await send(server, bytesOf(1_000), { uploadId, trustSizes: true });
    expect(Buffer.compare(server.completed[0] ?? bytesOf(0), bytesOf(1_000))).toBe(0);
  });

  it("has no more parts of all uploads of a store in memory than the store's budget has bytes for", async () => {
    const budget = createSemaphore(250);
    let most = 0;
    const server = createPartsServer({ onPart: () => void (most = Math.max(most, budget.used)) });
    shareBudget(server.multipart, budget);
    const sent = Array.from({ length: 8 }, () => send(server, bytesOf(1_000), { partBytes: 100, concurrency: 4 }));
    await Promise.all(sent);
    expect([most, budget.used, server.peak]).toEqual([200, 0, 2]);
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
    const bare = uploadInParts({ protocol: "parts", capabilities: plain }, key, new Blob([]));
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
