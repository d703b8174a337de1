import type { Bytes } from "@mortise/core";

/**
 * The same bytes in chunks of exactly `size` bytes, the last one shorter. Small chunks are copied into a buffer of their
 * own: a view of a few bytes would keep the whole pooled slab it was cut from alive, and 400 MB of data then hold gigabytes.
 */
export async function* rechunk(chunks: AsyncIterable<Bytes>, size: number): AsyncGenerator<Bytes> {
  let part: Uint8Array | undefined;
  let filled = 0;
  for await (const chunk of chunks) {
    let rest = chunk;
    while (rest.byteLength > 0) {
      // A large chunk with nothing before it needs no copy.
      if (part === undefined && rest.byteLength >= size) {
        yield rest.subarray(0, size);
        rest = rest.subarray(size);
        continue;
      }
      part ??= new Uint8Array(size);
      const taken = rest.subarray(0, size - filled);
      part.set(taken, filled);
      filled += taken.byteLength;
      rest = rest.subarray(taken.byteLength);
      if (filled === size) {
        yield part;
        part = undefined;
        filled = 0;
      }
    }
  }
  if (part !== undefined) yield part.subarray(0, filled);
}
