import type { Bytes } from "@mortise/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collect } from "./collect.ts";
import { createDigester } from "./digests.ts";
import { measured } from "./measure.ts";
import { readableFrom } from "./readable.ts";
import { rechunk } from "./rechunk.ts";
import { chunksOf, isReplayable, knownSize } from "./source.ts";

const site = { operation: "put", store: "test" };
const chunkLists = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 12 });

async function* from(chunks: readonly Bytes[]): AsyncGenerator<Bytes> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}
async function list(chunks: AsyncIterable<Bytes>): Promise<Bytes[]> {
  const found: Bytes[] = [];
  for await (const chunk of chunks) found.push(chunk);
  return found;
}
const flat = (chunks: readonly Bytes[]): number[] => chunks.flatMap((chunk) => [...chunk]);

describe("rechunk", () => {
  it("keeps the bytes and makes all chunks but the last of one size", async () => {
    await fc.assert(
      fc.asyncProperty(chunkLists, fc.integer({ min: 1, max: 50 }), async (chunks, size) => {
        const found = await list(rechunk(from(chunks), size));
        expect(flat(found)).toEqual(flat(chunks));
        expect(found.slice(0, -1).every((chunk) => chunk.byteLength === size)).toBe(true);
        expect(found.every((chunk) => chunk.byteLength > 0 && chunk.byteLength <= size)).toBe(true);
      }),
    );
  });

  it("copies small chunks, so that they do not keep a large buffer alive", async () => {
    const slab = new Uint8Array(100_000);
    const [chunk] = await list(rechunk(from([slab.subarray(0, 10), slab.subarray(50, 60)]), 20));
    expect(chunk?.buffer.byteLength).toBe(20);
  });
});

describe("collect", () => {
  it("joins chunks, with and without knowing their size", async () => {
    await fc.assert(
      fc.asyncProperty(chunkLists, async (chunks) => {
        const bytes = flat(chunks);
        expect([...(await collect(from(chunks)))]).toEqual(bytes);
        expect([...(await collect(from(chunks), bytes.length))]).toEqual(bytes);
      }),
    );
  });

  it("grows beyond its first buffer", async () => {
    const chunk = new Uint8Array(50_000).fill(3);
    expect((await collect(from([chunk, chunk, chunk, chunk, chunk]))).every((byte) => byte === 3)).toBe(true);
  });
});

describe("chunksOf", () => {
  it("reads arrays, Blobs, streams and iterables alike", async () => {
    const bytes = new Uint8Array([1, 2, 3]);
    for (const source of [bytes, new Blob([bytes]), new Blob([bytes]).stream(), from([bytes])]) {
      expect([...(await collect(chunksOf(source)))]).toEqual([1, 2, 3]);
    }
  });

  it("cancels a stream that is left early", async () => {
    let cancelled = false;
    const stream = new ReadableStream<Bytes>({
      pull: (controller) => controller.enqueue(new Uint8Array(1)),
      cancel: () => void (cancelled = true),
    });
    for await (const _ of chunksOf(stream)) break;
    expect(cancelled).toBe(true);
  });

  it("stops a source that hangs", async () => {
    let stopped = false;
    const hanging: AsyncIterable<Bytes> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => undefined),
        async return() {
          stopped = true;
          return { done: true, value: undefined };
        },
      }),
    };
    const iterator = chunksOf(hanging)[Symbol.asyncIterator]();
    void iterator.next();
    await iterator.return?.();
    expect(stopped).toBe(true);
  });

  it("says what it found instead of bytes", async () => {
    expect(() => chunksOf("text" as unknown as Bytes)).toThrow(/found a string/);
    const texts = from(["text" as unknown as Bytes]);
    await expect(collect(chunksOf(texts))).rejects.toMatchObject({ code: "invalid-body" });
  });

  it("knows sizes and what can be read twice", () => {
    expect(knownSize(new Uint8Array(3))).toBe(3);
    expect(knownSize(new Blob(["four"]))).toBe(4);
    expect(knownSize(from([]))).toBeUndefined();
    expect([isReplayable(new Blob([])), isReplayable(from([]))]).toEqual([true, false]);
  });
});

describe("measured", () => {
  it("counts and hashes what passes", async () => {
    const digester = createDigester(site, ["md5", "crc32c", "md5"]);
    const body = measured(site, from([new TextEncoder().encode("1234"), new TextEncoder().encode("56789")]), {
      digester,
    });
    await collect(body.chunks);
    expect(body.bytes).toBe(9);
    expect(body.checksums).toEqual({ md5: "25f9e794323b453885f5181f1b624d0b", crc32c: "e3069283" });
  });

  it("ends a body of another size or digest with an error", async () => {
    const bytes = [new Uint8Array(4)];
    await expect(collect(measured(site, from(bytes), { size: 5 }).chunks)).rejects.toMatchObject({
      code: "checksum-mismatch",
    });
    await expect(collect(measured(site, from(bytes), { size: 3 }).chunks)).rejects.toMatchObject({
      code: "checksum-mismatch",
    });
    const digester = createDigester(site, ["md5"]);
    const wrong = measured(site, from(bytes), { digester, expect: { md5: "0" } });
    await expect(collect(wrong.chunks)).rejects.toThrow(/the md5 is [0-9a-f]{32}, expected 0/);
  });

  it("refuses a digest that it can't compute", () => {
    expect(() => createDigester(site, ["crc64nvme"])).toThrow(/crc64nvme/);
  });
});

describe("readableFrom", () => {
  it("pulls nothing before it is read and tells a cancel to its owner", async () => {
    let pulled = 0;
    let released = 0;
    async function* source(): AsyncGenerator<Bytes> {
      for (;;) yield new Uint8Array([++pulled]);
    }
    const stream = readableFrom(source(), async () => void released++);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(pulled).toBe(0);
    const reader = stream.getReader();
    expect((await reader.read()).value).toEqual(new Uint8Array([1]));
    await reader.cancel();
    expect([pulled, released]).toEqual([1, 1]);
  });
});
