import type { Bytes } from "@mortise/core";
import type { ResolvedRange } from "./resolve.ts";

/** Only the bytes of `range`, which must be inside the body; the rest of the source is not read. */
export async function* slice(chunks: AsyncIterable<Bytes>, range: ResolvedRange): AsyncGenerator<Bytes> {
  const end = range.offset + range.length;
  let position = 0;
  for await (const chunk of chunks) {
    const start = Math.max(0, range.offset - position);
    const stop = Math.min(chunk.byteLength, end - position);
    position += chunk.byteLength;
    if (start < stop) yield chunk.subarray(start, stop);
    if (position >= end) return;
  }
}
