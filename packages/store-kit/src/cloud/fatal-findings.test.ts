import { parseKey } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { createMemoryBackend } from "../testing/memory-backend.ts";
import { openCloudStore } from "./cloud-store.ts";

const key = parseKey("a/b");
const body = new Uint8Array(1_000);

describe("a cloud store on a server that changes bodies", () => {
  it("writes nothing for its users, keeps no report, and says what was seen", async () => {
    const good = createMemoryBackend();
    const put: typeof good.put = (name, bytes, call) =>
      good.put(name, new Uint8Array([52, 48, 13, 10, ...bytes]), call);
    await using store = await openCloudStore({ ...good, put });
    for (let round = 0; round < 2; round++) {
      const error: unknown = await store.put(key, body).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "protocol", retryable: false, message: /other bytes than it is sent/ });
    }
    expect([...good.objects.keys()]).toEqual([]);
  });
});
