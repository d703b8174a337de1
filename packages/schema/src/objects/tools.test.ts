import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { assert, asyncProperty, integer, array as listOf, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { hashKey, newWriterId, pathHash } from "./identifiers.ts";
import { createLimiter } from "./limiter.ts";
import { uploadCells } from "./upload.ts";

describe("identifiers", () => {
  it("are UUIDs of version 7 whose order is that of time", () => {
    const ids = [1, 1_000, 1_700_000_000_000, 2 ** 47].map((time) => newWriterId(time));
    for (const id of ids) expect([id.byteLength, (id[6] ?? 0) >> 4, (id[8] ?? 0) >> 6]).toEqual([16, 7, 2]);
    expect(ids.toSorted((a, b) => Buffer.compare(a, b))).toEqual(ids);
    expect(new Set(Array.from({ length: 1000 }, () => hashKey(newWriterId(1)))).size).toBe(1000);
  });

  it("hash a path together with its store", () => {
    const expected = createHash("sha256").update(Buffer.from("main\0_hash/lab/é")).digest();
    expect(Buffer.compare(pathHash("main", "_hash/lab/é"), expected.subarray(0, 16))).toBe(0);
    assert(
      property(string(), string(), (a, b) => {
        const same = hashKey(pathHash(a, b)) === hashKey(pathHash(b, a));
        expect(same).toBe(a === b);
      }),
    );
  });
});

describe("createLimiter", () => {
  it("keeps within both bounds and runs everything", async () => {
    await assert(
      asyncProperty(listOf(integer({ min: 0, max: 30 }), { maxLength: 40 }), async (sizes) => {
        const limiter = createLimiter({ concurrency: 4, bytes: 20 });
        let running = 0;
        let held = 0;
        let done = 0;
        const task = async (size: number): Promise<void> => {
          running += 1;
          held += size;
          expect(running).toBeLessThanOrEqual(4);
          expect(held <= 20 || running === 1).toBe(true);
          await Promise.resolve();
          running -= 1;
          held -= size;
          done += 1;
        };
        await Promise.all(sizes.map((size) => limiter.run(size, () => task(size))));
        expect(done).toBe(sizes.length);
      }),
    );
  });

  it("gives the place of a failed task to the next", async () => {
    const limiter = createLimiter({ concurrency: 1, bytes: 1 });
    const failing = limiter.run(1, () => Promise.reject(new Error("no")));
    const next = limiter.run(1, async () => "yes");
    await expect(failing).rejects.toThrow("no");
    expect(await next).toBe("yes");
  });
});

describe("uploadCells", () => {
  it("throws the first failure only when everything that was begun has ended", async () => {
    let ended = 0;
    const aborted: unknown[] = [];
    const cell = (work: () => Promise<unknown>) => ({
      planned: {
        planned: true as const,
        reference: { store: "main", section: "hash" as const, path: "x", shape: "object" as const },
        write: work,
      },
      fill: () => undefined,
    });
    const cells = [
      cell(async () => {
        await sleep(20);
        ended += 1;
      }),
      cell(() => Promise.reject(new Error("first"))),
      cell(() => Promise.reject(new Error("second"))),
    ];
    const limiter = createLimiter({ concurrency: 3, bytes: Number.POSITIVE_INFINITY });
    await expect(uploadCells(cells, limiter, (reason) => aborted.push(reason))).rejects.toThrow("first");
    expect([ended, aborted.length]).toEqual([1, 2]);
  });
});
