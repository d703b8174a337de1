import { describe, expect, it } from "vitest";
import { createMemoryBackend } from "../testing/memory-backend.ts";
import { openCloudStore } from "./cloud-store.ts";

describe("the options of a cloud store", () => {
  it.each([
    ["timeoutMs", { timeoutMs: 0 }],
    ["idleTimeoutMs", { idleTimeoutMs: Number.NaN }],
    ["concurrency", { concurrency: 0 }],
    ["byteBudget", { byteBudget: Number.NaN }],
    ["parts.partBytes", { parts: { partBytes: Number.NaN } }],
    ["parts.concurrency", { parts: { concurrency: -1 } }],
    ["retry.attempts", { retry: { attempts: 0 } }],
  ])("are refused where %s limits nothing or lets nothing pass", async (name, options) => {
    const opened = openCloudStore(createMemoryBackend(), { storeName: "lab", ...options });
    await expect(opened).rejects.toMatchObject({
      code: "invalid-config",
      operation: "open",
      store: "lab",
      message: expect.stringContaining(name) as string,
    });
  });

  it("may say that there is no limit", async () => {
    const none = Number.POSITIVE_INFINITY;
    const options = { timeoutMs: none, idleTimeoutMs: none, concurrency: none, byteBudget: none };
    await using store = await openCloudStore(createMemoryBackend(), options);
    expect(store.protocol).toBe("cloud");
  });
});
