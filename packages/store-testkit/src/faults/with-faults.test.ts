import type { MinimalStore } from "@mortise/core";
import { isStoreError, parseKey } from "@mortise/core";
import { completeStore, uploadInParts } from "@mortise/store-kit";
import { describe, expect, it } from "vitest";
import { pattern } from "../conformance/case.ts";
import { createMinimalMemoryStore } from "../memory/memory-store.ts";
import type { Fault, FaultOptions } from "./with-faults.ts";
import { withFaults } from "./with-faults.ts";

const key = parseKey("a/b");

async function faulty(options: Omit<FaultOptions, "seed">, body = pattern(200_000)): Promise<MinimalStore> {
  const store = createMinimalMemoryStore();
  await store.put(key, body);
  return withFaults(store, { seed: 1, ...options });
}

describe("withFaults", () => {
  it("without rates changes nothing", async () => {
    const store = completeStore(await faulty({}));
    expect(await (await store.get(key)).bytes()).toEqual(pattern(200_000));
  });

  it("drops a connection, and the kit reports an error instead of a short body", async () => {
    const store = completeStore(await faulty({ drop: 1 }));
    await expect((await store.get(key)).bytes()).rejects.toMatchObject({ code: "unavailable", retryable: true });
  });

  it("truncates a body, and the kit notices by its length", async () => {
    const store = completeStore(await faulty({ truncate: 1 }));
    await expect((await store.get(key)).bytes()).rejects.toMatchObject({ code: "protocol", retryable: true });
  });

  it("flips a bit, and a digest notices", async () => {
    // Its identity would be corrupted, too, when the first write reads it back.
    const store = completeStore(await faulty({ corrupt: 1 }), { identity: false });
    const { checksums } = await store.put(parseKey("c"), pattern(200_000), { compute: ["md5"] });
    const found = await (await store.get(key)).bytes();
    expect(found).toHaveLength(200_000);
    expect(found).not.toEqual(pattern(200_000));
    await expect((await store.get(key, { verify: checksums })).bytes()).rejects.toMatchObject({
      code: "checksum-mismatch",
    });
  });

  it("damages small bodies, which come in one piece, as well", async () => {
    const store = completeStore(await faulty({ truncate: 1 }, pattern(10)));
    await expect((await store.get(key)).bytes()).rejects.toMatchObject({ code: "protocol" });
  });

  it("answers 503 in bursts", async () => {
    const store = await faulty({ unavailable: 0.1, burst: 4 });
    const outcomes: boolean[] = [];
    for (let round = 0; round < 300; round++) {
      outcomes.push(
        await store.head(key).then(
          () => true,
          (error: unknown) => !isStoreError(error, "unavailable"),
        ),
      );
    }
    const runs = outcomes
      .map((ok) => (ok ? " " : "x"))
      .join("")
      .trim()
      .split(/ +/);
    expect(runs.length).toBeGreaterThan(1);
    expect(runs.every((run) => run.length >= 5)).toBe(true);
  });

  it("resets before the store has heard of a write", async () => {
    const store = await faulty({ reset: 1 });
    await expect(store.put(parseKey("new"), pattern(1))).rejects.toMatchObject({ code: "unavailable" });
    await expect(completeStore(await faulty({})).head(parseKey("new"))).rejects.toMatchObject({ code: "not-found" });
  });

  it("loses the answer to a write that has happened", async () => {
    const inner = createMinimalMemoryStore();
    const store = withFaults(inner, { seed: 1, lostAnswer: 1 });
    await expect(store.put(key, pattern(5), { mode: "create" })).rejects.toMatchObject({ code: "unavailable" });
    expect((await inner.head(key)).size).toBe(5);
  });

  it("repeats itself with the same seed and not with another", async () => {
    async function faultsOf(seed: number): Promise<readonly string[]> {
      const faults: Fault[] = [];
      const store = withFaults(createMinimalMemoryStore(), {
        seed,
        reset: 0.5,
        onFault: (fault) => faults.push(fault),
      });
      for (let round = 0; round < 64; round++)
        await store.put(parseKey(`k${round}`), pattern(1)).catch(() => undefined);
      return faults.map((fault) => `${fault.kind} ${fault.key}`);
    }
    expect(await faultsOf(7)).toEqual(await faultsOf(7));
    expect(await faultsOf(7)).not.toEqual(await faultsOf(8));
  });

  it("waits before operations when told to, and still answers", async () => {
    const store = completeStore(await faulty({ latencyMs: 3 }));
    expect((await store.head(key)).size).toBe(200_000);
  });

  it("strikes uploads in parts as well", async () => {
    const kinds = new Set<string>();
    const store = withFaults(createMinimalMemoryStore(), {
      seed: 3,
      reset: 0.2,
      lostAnswer: 0.2,
      onFault: ({ operation }) => kinds.add(operation),
    });
    for (let round = 0; round < 60; round++) {
      const upload = await store.multipart?.start(key).catch(() => undefined);
      const part = await upload?.uploadPart(1, pattern(5)).catch(() => undefined);
      if (part !== undefined) await upload?.complete([part]).catch(() => undefined);
      await upload?.abort().catch(() => undefined);
    }
    const requests = ["abort", "complete", "start", "uploadPart"].map((each) => `multipart.${each}`);
    expect([...kinds].sort()).toEqual(requests);
  });

  it("leaves an upload that uploadInParts can finish in the end, with the source's bytes", async () => {
    const inner = createMinimalMemoryStore();
    const store = withFaults(inner, { seed: 5, reset: 0.2, unavailable: 0.05 });
    const source = new Blob([pattern(50_000)]);
    let uploadId: string | undefined;
    const onStarted = (id: string): void => {
      uploadId = id;
    };
    for (let round = 0; round < 200; round++) {
      const options = { uploadId, onStarted, partBytes: 1_000 };
      const done = await uploadInParts(store, key, source, options).catch((error: unknown) => {
        expect(isStoreError(error, "unavailable")).toBe(true);
      });
      if (done !== undefined) break;
    }
    expect(await (await inner.get(key)).bytes()).toEqual(pattern(50_000));
  });
});
