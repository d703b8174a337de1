import type { Bytes } from "@mortise/core";

/**
 * All chunks in one array. With `size` the array is allocated once; a body of another length is cut or left short, and
 * whoever promised the size checks it (`measured` does).
 */
export async function collect(chunks: AsyncIterable<Bytes>, size?: number): Promise<Bytes> {
  if (size === undefined) return await gather(chunks);
  const whole = new Uint8Array(size);
  let filled = 0;
  for await (const chunk of chunks) {
    whole.set(filled + chunk.byteLength > size ? chunk.subarray(0, size - filled) : chunk, filled);
    filled = Math.min(size, filled + chunk.byteLength);
  }
  return filled === size ? whole : whole.subarray(0, filled);
}

/** Copies each chunk as it comes: a source may reuse its buffer. */
async function gather(chunks: AsyncIterable<Bytes>): Promise<Bytes> {
  let whole = new Uint8Array(64 * 1024);
  let filled = 0;
  for await (const chunk of chunks) {
    if (filled + chunk.byteLength > whole.byteLength) {
      const larger = new Uint8Array(Math.max(2 * whole.byteLength, filled + chunk.byteLength));
      larger.set(whole.subarray(0, filled));
      whole = larger;
    }
    whole.set(chunk, filled);
    filled += chunk.byteLength;
  }
  return whole.slice(0, filled);
}
