import { createHash } from "node:crypto";
import { mkdtemp, readdir, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ByteSource, type Bytes, parseKey } from "@mortise/core";
import { createMemoryStore } from "@mortise/store-testkit";
import { assert, asyncProperty, integer } from "fast-check";
import { describe, expect, it } from "vitest";
import { hashSource, keptBytes } from "./hashed-source.ts";
import { putHashed } from "./put-hashed.ts";
import { createSpool } from "./spool.ts";

async function* chunksOf(content: Bytes, size: number): AsyncGenerator<Bytes> {
  // One buffer for all chunks, as sources that care about memory do.
  const buffer = new Uint8Array(size);
  for (let offset = 0; offset < content.byteLength; offset += size) {
    const part = content.subarray(offset, offset + size);
    buffer.set(part);
    yield buffer.subarray(0, part.byteLength);
  }
}

async function read(source: ByteSource): Promise<Bytes> {
  if (ArrayBuffer.isView(source)) return source;
  const chunks: Bytes[] = [];
  for await (const chunk of source instanceof Blob ? source.stream() : source) chunks.push(chunk.slice());
  return Buffer.concat(chunks);
}

const content = (size: number): Bytes =>
  Uint8Array.from({ length: size }, (_, index) => (index * 31 + (index >> 8)) % 256);
const md5 = (bytes: Bytes): string => createHash("md5").update(bytes).digest("hex");

describe("hashSource", () => {
  const kinds: readonly (readonly [string, (bytes: Bytes) => ByteSource | (() => ByteSource)])[] = [
    ["bytes", (bytes) => bytes],
    ["a Blob", (bytes) => new Blob([bytes as Uint8Array<ArrayBuffer>])],
    ["a stream", (bytes) => chunksOf(bytes, 100_000)],
    ["a web stream", (bytes) => new Blob([bytes as Uint8Array<ArrayBuffer>]).stream()],
    ["a function", (bytes) => () => chunksOf(bytes, 100_000)],
  ];

  it.each(kinds.flatMap(([name, make]) => [0, 5, keptBytes + 123_457].map((size) => [name, size, make] as const)))(
    "hashes %s of %i bytes and opens it twice",
    async (_, size, make) => {
      await using spool = createSpool();
      const bytes = content(size);
      const hashed = await hashSource(make(bytes), spool);
      expect(hashed).toMatchObject({ md5: md5(bytes), size });
      expect(md5(await read(hashed.open()))).toBe(hashed.md5);
      expect(md5(await read(hashed.open()))).toBe(hashed.md5);
    },
  );

  it("holds no more than the limit of a stream, whatever its chunks", async () => {
    await using spool = createSpool();
    await assert(
      asyncProperty(
        integer({ min: 20_000, max: 400_000 }),
        integer({ min: 0, max: 2_500_000 }),
        async (chunk, size) => {
          const bytes = content(size);
          const hashed = await hashSource(chunksOf(bytes, chunk), spool);
          expect(hashed.held).toBeLessThanOrEqual(keptBytes);
          expect(Buffer.compare(await read(hashed.open()), bytes)).toBe(0);
        },
      ),
      { numRuns: 10 },
    );
  });

  it("removes what it spooled", async () => {
    const root = await mkdtemp(join(tmpdir(), "mortise-spool-"));
    const spool = createSpool(root);
    await hashSource(chunksOf(content(keptBytes * 2), 65_536), spool);
    expect(await readdir(root)).toHaveLength(1);
    await spool[Symbol.asyncDispose]();
    expect(await readdir(root)).toEqual([]);
    await rmdir(root);
  });

  it("passes on the error of a stream that breaks", async () => {
    await using spool = createSpool();
    const breaking = async function* (): AsyncGenerator<Bytes> {
      yield content(keptBytes + 1);
      throw new Error("the disk was pulled");
    };
    await expect(hashSource(breaking(), spool)).rejects.toThrow("the disk was pulled");
  });

  it("keeps every chunk of a source that fills the same Buffer again", async () => {
    await using spool = createSpool();
    const reusing = async function* (): AsyncGenerator<Bytes> {
      const buffer = Buffer.alloc(4);
      for (const text of ["aaaa", "bbbb", "cccc"]) {
        buffer.write(text);
        yield buffer;
      }
    };
    const source = await hashSource(reusing(), spool);
    const kept = await read(source.open());
    expect([new TextDecoder().decode(kept), md5(kept)]).toEqual(["aaaabbbbcccc", source.md5]);
  });

  it("keeps what a small Buffer held when it was hashed", async () => {
    await using spool = createSpool();
    const buffer = Buffer.from("precious data");
    const source = await hashSource(buffer, spool);
    buffer.fill(0x41);
    expect(md5(await read(source.open()))).toBe(source.md5);
  });

  it.each([
    ["small array keeps what it held when it was hashed", 1000, "intact"],
    ["large array that was changed since is refused", 200_000, "refused"],
  ])("a %s", async (_, size, outcome) => {
    await using spool = createSpool();
    const store = createMemoryStore();
    const bytes = content(size);
    const source = await hashSource(bytes, spool);
    bytes[0] = 99;
    const key = parseKey("_hash/lab/x");
    const logger = { debug: () => undefined, warn: () => undefined };
    const putting = putHashed({
      store,
      key,
      source,
      certain: false,
      rehashBytes: 0,
      signal: AbortSignal.timeout(9000),
      logger,
    });
    if (outcome === "refused") {
      await expect(putting).rejects.toMatchObject({ code: "checksum-mismatch" });
      await expect(store.head(key)).rejects.toMatchObject({ code: "not-found" });
    } else {
      expect(await putting).toBe("uploaded");
      await using found = await store.get(key);
      expect(md5(await found.bytes())).toBe(source.md5);
    }
  });
});
