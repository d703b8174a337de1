import { expect, it } from "vitest";
import { abortMark, blockId, newUploadId, openMark, parseBlockId, startedAt } from "./upload-id.ts";

it("block ids have one length, within the service's limit, and tell upload, time and number", () => {
  const now = Date.UTC(2026, 10, 22);
  const id = newUploadId(now);
  for (const number of [openMark, 1, 50_000, abortMark]) {
    const block = blockId(id, number);
    expect(block.length).toBe(64);
    expect(parseBlockId(block)).toEqual({ id, number });
  }
  expect(startedAt(id)).toEqual(new Date(now));
  expect(newUploadId(now)).not.toBe(id);
});

it("blocks of other programs are nobody's", () => {
  for (const text of ["000001", "", "x".repeat(48), `m${"0".repeat(41)}00000x`]) {
    expect(parseBlockId(Buffer.from(text).toString("base64"))).toBeUndefined();
  }
});
