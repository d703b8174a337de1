import type { ByteRange, Bytes, GetOptions, GetResult, ObjectInfo, ObjectKey } from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import { storeError } from "../errors.ts";
import { forEachParallel } from "../limits/parallel.ts";
import type { CoalesceOptions, RangeGroup } from "./coalesce.ts";
import { coalesce } from "./coalesce.ts";
import { checkRange } from "./resolve.ts";

const concurrency = 8;
const limits: CoalesceOptions = { maxGap: 64 * 1024, maxRequest: 8 * 1024 * 1024 };

/**
 * Several ranges of one object in as few requests as pay off, answered in the order asked. All are of one version: if
 * the object is overwritten between two requests, it rejects with `precondition-failed` instead of mixing old and new.
 * Where the store tells no validator, size and time must do.
 */
export async function getRanges(
  site: OperationSite,
  get: (key: ObjectKey, options: GetOptions) => Promise<GetResult>,
  key: ObjectKey,
  ranges: readonly ByteRange[],
  options: GetOptions,
): Promise<readonly Bytes[]> {
  if (options.range !== undefined || options.verify !== undefined) {
    throw storeError(
      site,
      "unsupported",
      "`range` and `verify` are options of `get`, which reads one range or the whole",
    );
  }
  for (const range of ranges) checkRange(site, range);
  const answers: Bytes[] = Array.from({ length: ranges.length });
  let first: ObjectInfo | undefined;
  await forEachParallel(coalesce(ranges, limits), concurrency, async (group) => {
    const result = await get(key, { ...options, range: group.request });
    first ??= result.info;
    if (isAnother(first, result.info)) {
      await result[Symbol.asyncDispose]();
      throw storeError(site, "precondition-failed", "the object was overwritten while its ranges were read", {
        hint: "read the ranges again",
        retryable: true,
      });
    }
    if (first.etag === undefined) first = result.info;
    // From bytes() on the result holds nothing open.
    cut(site, group, result.info.size, await result.bytes(), answers);
  });
  return answers;
}

/** By validator where both tell one; a server may tell none, or vouch for it only some time after the write. */
function isAnother(one: ObjectInfo, other: ObjectInfo): boolean {
  if (one.size !== other.size) return true;
  if (one.etag !== undefined && other.etag !== undefined) return one.etag !== other.etag;
  return one.lastModified.getTime() !== other.lastModified.getTime();
}

function cut(site: OperationSite, group: RangeGroup, size: number, bytes: Bytes, answers: Bytes[]): void {
  const { request, members } = group;
  for (const { index, range } of members) {
    if (members.length === 1 || "suffix" in request || "suffix" in range) {
      answers[index] = bytes;
      continue;
    }
    if (range.offset >= size) {
      throw storeError(site, "invalid-range", `offset ${range.offset} of an object of ${size} bytes`);
    }
    const start = range.offset - request.offset;
    // A copy: a view would keep the whole request's bytes alive for as long as one small range is.
    answers[index] = new Uint8Array(bytes.subarray(start, start + (range.length ?? 0)));
  }
}
