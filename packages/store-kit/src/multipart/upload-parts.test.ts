import type { Bytes } from "@mortise/core";
import { digest, parseKey } from "@mortise/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { storeError } from "../errors.ts";
import { createSemaphore } from "../limits/semaphore.ts";
import type { PartsServerOptions } from "../testing/parts-server.ts";
import { createPartsServer } from "../testing/parts-server.ts";
import type { UploadPartsOptions } from "./contract.ts";
import { uploadParts } from "./upload-parts.ts";

const key = parseKey("a/b");
const site = { operation: "put", store: "test", key };

function bytesOf(length: number): Bytes {
  return Uint8Array.from({ length }, (_, index) => (index * 7 + (index >> 8)) % 251);
}
/** The bytes in chunks that all share one buffer, as a careless source does. */
async function* chunked(bytes: Bytes, size: number): AsyncGenerator<Bytes> {
  const buffer = new Uint8Array(size);
  for (let start = 0; start < bytes.byteLength; start += size) {
    const chunk = bytes.subarray(start, start + size);
    buffer.set(chunk);
    yield await Promise.resolve(buffer.subarray(0, chunk.byteLength));
  }
}
function upload(chunks: AsyncIterable<Bytes>, options: UploadPartsOptions, server: PartsServerOptions = {}) {
  const parts = createPartsServer(server);
  return { server: parts, result: uploadParts(parts.multipart, site, key, chunks, options) };
}
/** One chunk, then nothing, for ever. */
async function* hanging(): AsyncGenerator<Bytes> {
  yield bytesOf(100);
  await new Promise(() => undefined);
}

describe("uploadParts", () => {
  it("stores what the source gave, whatever its chunks and the parts", async () => {
    const numbers = { length: fc.integer({ min: 0, max: 3_000 }), chunk: fc.integer({ min: 1, max: 400 }) };
    const cuts = { partBytes: fc.integer({ min: 1, max: 500 }), concurrency: fc.integer({ min: 1, max: 5 }) };
    await fc.assert(
      fc.asyncProperty(fc.record({ ...numbers, ...cuts, known: fc.boolean() }), async (given) => {
        const bytes = bytesOf(given.length);
        const { partBytes, concurrency } = given;
        const size = given.known ? given.length : undefined;
        const { server, result } = upload(chunked(bytes, given.chunk), { size, partBytes, concurrency });
        expect((await result).size).toBe(given.length);
        expect(Buffer.compare(server.completed[0] ?? bytesOf(1), bytes)).toBe(0);
        expect(server.peak).toBeLessThanOrEqual(concurrency);
        expect(server.uploads.size).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it("sends the parts of a sequential upload one after the other", async () => {
    const limits = { sequential: true };
    const { server, result } = upload(chunked(bytesOf(1_000), 64), { partBytes: 100, concurrency: 4 }, { limits });
    await result;
    expect(server.peak).toBe(1);
    expect(server.received).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it("sends an empty body as one empty part", async () => {
    const { server, result } = upload(chunked(bytesOf(0), 10), {});
    expect((await result).size).toBe(0);
    expect(server.received).toEqual([1]);
  });

  it("computes digests while the body passes, and refuses a wrong one before it completes", async () => {
    const bytes = bytesOf(1_000);
    const good = upload(chunked(bytes, 100), {
      partBytes: 300,
      compute: ["sha256"],
      expect: { md5: digest("md5", bytes) },
    });
    expect((await good.result).checksums).toEqual({ sha256: digest("sha256", bytes) });
    const bad = upload(chunked(bytes, 100), { partBytes: 300, expect: { md5: digest("md5", bytesOf(1)) } });
    await expect(bad.result).rejects.toMatchObject({ code: "checksum-mismatch" });
    expect([bad.server.completed.length, bad.server.uploads.size]).toEqual([0, 0]);
  });

  it("refuses a body that is shorter or longer than promised, and leaves nothing", async () => {
    for (const size of [999, 1_001]) {
      const { server, result } = upload(chunked(bytesOf(1_000), 100), { size, partBytes: 300 });
      await expect(result).rejects.toMatchObject({ code: "checksum-mismatch" });
      expect([server.completed.length, server.uploads.size]).toEqual([0, 0]);
    }
  });

  it("passes the condition to the end of the upload, and aborts when it is refused", async () => {
    const { server, result } = upload(
      chunked(bytesOf(10), 10),
      { mode: "create" },
      {
        onComplete: ({ mode, size }) => {
          throw storeError(site, "already-exists", `${JSON.stringify(mode)} ${size}`);
        },
      },
    );
    await expect(result).rejects.toMatchObject({ code: "already-exists", message: /"create" 10/ });
    expect(server.uploads.size).toBe(0);
  });

  it("ends all parts under way when one fails, waits for them, and aborts only then", async () => {
    const ended: number[] = [];
    let endedAtAbort = 0;
    const { server, result } = upload(
      hanging(),
      { partBytes: 10, concurrency: 4 },
      {
        async onPart(number, { signal }) {
          if (number === 3) throw storeError(site, "permission-denied", "no");
          await new Promise<void>((resolve) => signal?.addEventListener("abort", () => setTimeout(resolve, 5)));
          ended.push(number);
          signal?.throwIfAborted();
        },
        onAbort: () => {
          endedAtAbort = ended.length;
        },
      },
    );
    await expect(result).rejects.toMatchObject({ code: "permission-denied" });
    expect(endedAtAbort).toBe(ended.length);
    expect(ended.length).toBeGreaterThan(0);
    expect(server.uploads.size).toBe(0);
  });

  it("hears the caller's signal while the source says nothing, and removes what it sent", async () => {
    const controller = new AbortController();
    const { server, result } = upload(hanging(), { partBytes: 10, signal: controller.signal });
    setTimeout(() => controller.abort(), 10);
    await expect(result).rejects.toMatchObject({ code: "aborted" });
    expect([server.uploads.size, server.aborts]).toEqual([0, 1]);
  });

  it("aborts again when a part arrives after the abort, and names the upload if that does not help", async () => {
    for (const stubborn of [1, 5]) {
      let aborts = 0;
      const server = createPartsServer({
        onPart: () => {
          throw storeError(site, "permission-denied", "no", { hint: "ask" });
        },
      });
      const multipart = {
        ...server.multipart,
        start: async (each: typeof key) => ({
          ...(await server.multipart.start(each)),
          async abort() {
            aborts++;
          },
          async *parts() {
            if (aborts > stubborn) throw storeError(site, "not-found", "gone");
            yield await Promise.resolve({ number: 1, size: 1, token: "t" });
          },
        }),
      };
      const result = uploadParts(multipart, site, key, chunked(bytesOf(10), 10));
      const error: Error & { hint?: string } = await result.then(
        () => new Error("accepted"),
        (thrown) => thrown as Error,
      );
      expect(aborts).toBe(2);
      expect(error.hint).toContain("ask");
      expect(error.hint?.includes('upload "u0"')).toBe(stubborn === 5);
    }
  });

  it("holds no more part buffers than the budget of the store has bytes for, and gives them all back", async () => {
    const budget = createSemaphore(200);
    let most = 0;
    const results = Array.from({ length: 5 }, async (_, index) => {
      const failing = index === 2;
      const { result } = upload(
        chunked(bytesOf(1_000), 37),
        { partBytes: 100, budget },
        {
          onPart: () => {
            most = Math.max(most, budget.used);
            if (failing) throw storeError(site, "permission-denied", "no");
          },
        },
      );
      return await result.then(
        () => "stored",
        () => "failed",
      );
    });
    expect(await Promise.all(results)).toEqual(["stored", "stored", "failed", "stored", "stored"]);
    expect([most, budget.used]).toEqual([200, 0]);
  });

  it("tells progress that only grows and ends at the body's size", async () => {
    const seen: number[] = [];
    const onProgress = ({ bytes, total }: { bytes: number; total?: number | undefined }) => {
      seen.push(bytes);
      expect(total).toBe(1_000);
    };
    await upload(chunked(bytesOf(1_000), 100), { size: 1_000, partBytes: 300, onProgress }).result;
    expect(seen.toSorted((one, other) => one - other)).toEqual(seen);
    expect(seen.at(-1)).toBe(1_000);
  });

  it("refuses to go beyond the number of parts that the server takes, and says what to do", async () => {
    const limits = { maxPart: 10, maxParts: 5 };
    const { server, result } = upload(chunked(bytesOf(100), 10), {}, { limits });
    await expect(result).rejects.toMatchObject({ code: "unsupported", hint: /size/ });
    expect([server.completed.length, server.uploads.size]).toEqual([0, 0]);
  });
});
