import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { abortMark, blockId, newUploadId, openMark, parseBlockId, startedAt } from "./upload-id.ts";

it("block ids have one length, within the service's limit, and tell upload, time and number", () => {
  const now = Date.UTC(2026, 10, 22);
  const id = newUploadId(now);
  for (const number of [openMark, 1, 50_000, abortMark]) {
    const md5 = randomBytes(16);
    const block = blockId(id, number, md5);
    expect(block.length).toBe(64);
    expect(parseBlockId(block)).toEqual({ id, number, md5: md5.toString("hex") });
  }
  expect(startedAt(id)).toEqual(new Date(now));
  expect(newUploadId(now)).not.toBe(id);
});

it("blocks of other programs are nobody's", () => {
  for (const text of ["000001", "", "x".repeat(48), `m${"0".repeat(24)}x${"0".repeat(22)}`, `m${"0".repeat(48)}`]) {
    expect(parseBlockId(Buffer.from(text).toString("base64"))).toBeUndefined();
  }
});
