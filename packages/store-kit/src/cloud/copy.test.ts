import { parseKey } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { storeError } from "../errors.ts";
import { createMemoryBackend } from "../testing/memory-backend.ts";
import { openCloudStore } from "./cloud-store.ts";

describe("a copy under a condition", () => {
  it("keeps its refusal where the answer before was lost and nothing is at the target", async () => {
    const site = { operation: "test", store: "cloud" };
    const answers = [
      storeError(site, "unavailable", "the connection was reset"),
      storeError(site, "precondition-failed", "stale"),
    ];
    const memory = createMemoryBackend();
    const backend = {
      ...memory,
      copy: () => Promise.reject(answers.shift() ?? new Error("asked too often")),
    };
    await using store = await openCloudStore(backend, { probe: false, identity: false, retry: { baseMs: 1 } });
    await store.put(parseKey("a"), new Uint8Array(3));
    await expect(store.copy(parseKey("a"), parseKey("b"), { mode: { ifMatch: "v0" } })).rejects.toMatchObject({
      code: "precondition-failed",
    });
  });
});
