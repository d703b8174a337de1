import { deflateSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { zlib as node } from "./node.ts";
import { zlib as portable } from "./portable.ts";

const text = new TextEncoder().encode("the quick brown fox jumps over the lazy dog. ".repeat(500));

describe.each([
  ["node", node],
  ["portable", portable],
])("zlib (%s)", (_, zlib) => {
  it("gives back what it deflated, in any way", async () => {
    const streams = [zlib.deflate(text), await zlib.deflateAside(text), zlib.deflateCanonical(text)];
    for (const stream of streams) {
      expect(stream.length).toBeLessThan(text.length / 10);
      expect(zlib.inflate(stream, text.length)).toEqual(text);
    }
    expect(zlib.inflate(deflateSync(new Uint8Array(0)), 0)).toEqual(new Uint8Array(0));
  });

  it("makes the same canonical bytes everywhere", () => {
    expect(zlib.deflateCanonical(text)).toEqual(node.deflateCanonical(text));
  });

  const stream = node.deflate(text);
  const damaged = stream.slice();
  damaged[damaged.length - 1] = (damaged.at(-1) as number) ^ 1;
  it.each([
    ["inflates to less", stream, text.length + 1],
    ["inflates to more", stream, text.length - 1],
    ["inflates to something where nothing was claimed", stream, 0],
    ["is cut", stream.subarray(0, -1), text.length],
    ["has a wrong checksum", damaged, text.length],
    ["has bytes behind it", Uint8Array.from([...stream, 0]), text.length],
    ["is gzip", gzipSync(text), text.length],
    ["needs a dictionary", deflateSync(text, { dictionary: Buffer.from("fox") }), text.length],
    ["is empty", new Uint8Array(0), text.length],
  ])("refuses a stream that %s", (_, data, size) => {
    expect(() => zlib.inflate(new Uint8Array(data), size)).toThrow();
  });
});
