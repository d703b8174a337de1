import type { ByteRange, GetResult, ObjectInfo } from "@mortise/core";
import { parseKey } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { bufferedResult } from "../streams/result.ts";
import { getRanges } from "./get-ranges.ts";

const site = { operation: "getRanges", store: "test" };
const key = parseKey("a");
// Too far apart to be read by one request.
const ranges: readonly ByteRange[] = [
  { offset: 0, length: 2 },
  { offset: 500_000, length: 2 },
];
const object: ObjectInfo = { key, size: 1_000_000, lastModified: new Date(1_000) };

/** Reads of an object that is another one from the second request on. */
function reads(...versions: readonly Partial<ObjectInfo>[]) {
  let count = 0;
  return async (): Promise<GetResult> => {
    const info = { ...object, ...versions[Math.min(count++, versions.length - 1)] };
    return bufferedResult(info, { offset: 0, length: 2 }, new Uint8Array([count, count]));
  };
}

describe("getRanges", () => {
  it.each([
    ["another validator", { etag: "1" }, { etag: "2" }],
    ["another size and no validator", {}, { size: 1_000_001 }],
    ["another time and no validator", {}, { lastModified: new Date(2_000) }],
    ["another time and one validator", { etag: "1" }, { lastModified: new Date(2_000) }],
    ["the same validator and another size", { etag: "1" }, { etag: "1", size: 1_000_001 }],
  ])("refuses to join answers with %s", async (_, first, second) => {
    const mixed = getRanges(site, reads(first, second), key, ranges, {});
    await expect(mixed).rejects.toMatchObject({ code: "precondition-failed", retryable: true });
  });

  it("holds later answers against the first validator that it is told", async () => {
    const three = [...ranges, { offset: 900_000, length: 2 }];
    const mixed = getRanges(site, reads({}, { etag: "1" }, { etag: "2" }), key, three, {});
    await expect(mixed).rejects.toMatchObject({ code: "precondition-failed" });
  });

  it.each([
    ["nothing but size and time", {}, {}],
    ["one validator", { etag: "1" }, { etag: "1" }],
    ["a validator that the server vouches for later only", {}, { etag: "1" }],
  ])("joins answers with %s", async (_, first, second) => {
    const joined = await getRanges(site, reads(first, second), key, ranges, {});
    expect(joined.map((bytes) => bytes[0])).toEqual([1, 2]);
  });
});
