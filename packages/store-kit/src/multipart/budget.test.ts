import { setImmediate } from "node:timers/promises";
import { parseKey } from "@mortise/core";
import { expect, it } from "vitest";
import type { CloudBackend } from "../cloud/backend.ts";
import { cloudStore, openCloudStore } from "../cloud/cloud-store.ts";
import { createMemoryBackend } from "../testing/memory-backend.ts";
import { uploadInParts } from "./upload-in-parts.ts";

/** A backend that counts the parts under way, each of which takes some turns. */
function countingBackend() {
  const backend = createMemoryBackend();
  let underWay = 0;
  const state = { peak: 0, objects: backend.objects };
  const counting: CloudBackend = {
    ...backend,
    multipart: {
      ...backend.multipart,
      async uploadPart(...args) {
        state.peak = Math.max(state.peak, ++underWay);
        for (let turn = 0; turn < 5; turn++) await setImmediate();
        underWay--;
        return await backend.multipart.uploadPart(...args);
      },
    },
  };
  return { counting, state };
}

it.each([
  ["of its backend alone", cloudStore],
  ["that is complete", openCloudStore],
] as const)("the byte budget of a store %s holds for the parts that uploads have in memory", async (_what, open) => {
  const { counting, state } = countingBackend();
  await using store = await open(counting, { byteBudget: 2_500, probe: false, identity: false });
  const source = new Blob([new Uint8Array(8 * 1_024).fill(1)]);
  const uploads = Array.from({ length: 8 }, (_, index) =>
    uploadInParts(store, parseKey(`a${index}`), source, { partBytes: 1_024 }),
  );
  await Promise.all(uploads);
  expect([state.peak, state.objects.size]).toEqual([2, 8]);
});
