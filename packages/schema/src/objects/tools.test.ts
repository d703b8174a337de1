import { setTimeout as sleep } from "node:timers/promises";
import { assert, asyncProperty, integer, array as listOf } from "fast-check";
import { describe, expect, it } from "vitest";
import { createLimiter } from "./limiter.ts";
import { uploadCells } from "./upload.ts";

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
