import type { Bytes, GetResult } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { chunksOf, storeError, streamedResult } from "@mortise/store-kit";

/** What can happen to a body on its way: the connection breaks, it ends early as if that were all, a bit flips. */
export type BodyFault = "drop" | "truncate" | "corrupt";

/** The result with its body damaged after `at` bytes; its info still promises the whole. */
export function damaged(site: OperationSite, inner: GetResult, fault: BodyFault, at: number): GetResult {
  async function* chunks(): AsyncGenerator<Bytes> {
    let position = 0;
    for await (const chunk of chunksOf(inner.body)) {
      const end = position + chunk.byteLength;
      if (at >= end) yield chunk;
      else if (fault === "corrupt" && at >= position) yield flipped(chunk, at - position);
      else if (fault === "corrupt") yield chunk;
      else {
        if (at > position) yield chunk.subarray(0, at - position);
        if (fault === "truncate") return;
        throw storeError(site, "unavailable", "the connection was reset while the body was read");
      }
      position = end;
    }
  }
  return streamedResult(inner.info, inner.range, chunks(), async () => await inner[Symbol.asyncDispose]());
}

function flipped(chunk: Bytes, index: number): Bytes {
  const copy = new Uint8Array(chunk);
  copy[index] = (copy[index] ?? 0) ^ 0x10;
  return copy;
}
