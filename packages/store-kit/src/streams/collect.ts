import type { Bytes } from "@mortise/core";

/**
 * All chunks in one array. With `size` the array is allocated once; a body of another length is cut or left short, and
 * whoever promised the size checks it (`measured` does).
 */
export async function collect(chunks: AsyncIterable<Bytes>, size?: number): Promise<Bytes> {
  if (size === undefined) return join(await gather(chunks));
  const whole = new Uint8Array(size);
  let filled = 0;
  for await (const chunk of chunks) {
    whole.set(filled + chunk.byteLength > size ? chunk.subarray(0, size - filled) : chunk, filled);
    filled = Math.min(size, filled + chunk.byteLength);
  }
  return filled === size ? whole : whole.subarray(0, filled);
}

/** One array of all parts, in order. */
export function join(parts: readonly Bytes[]): Bytes {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first;
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.byteLength;
  }
  return whole;
}

async function gather(chunks: AsyncIterable<Bytes>): Promise<Bytes[]> {
  const parts: Bytes[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return parts;
}
