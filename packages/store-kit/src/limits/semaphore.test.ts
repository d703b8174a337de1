import { describe, expect, it } from "vitest";
import { createSemaphore } from "./semaphore.ts";

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe("a semaphore", () => {
  it("gives what is free at once and lets the rest wait in order", async () => {
    const semaphore = createSemaphore(2);
    expect(semaphore.acquire(1)).toBeUndefined();
    expect(semaphore.acquire(1)).toBeUndefined();
    const order: number[] = [];
    const waiting = [1, 2, 3].map(async (each) => {
      await semaphore.acquire(1);
      order.push(each);
    });
    await turn();
    expect(order).toEqual([]);
    semaphore.release(1);
    await turn();
    expect(order).toEqual([1]);
    semaphore.release(1);
    semaphore.release(1);
    await Promise.all(waiting);
    expect(order).toEqual([1, 2, 3]);
  });

  it("lets a request larger than the capacity run alone", async () => {
    const semaphore = createSemaphore(10);
    expect(semaphore.acquire(1_000)).toBeUndefined();
    expect(semaphore.used).toBe(10);
    const next = semaphore.acquire(1);
    semaphore.release(1_000);
    await next;
    expect(semaphore.used).toBe(1);
  });

  it("does not let small requests pass a large one that waits", async () => {
    const semaphore = createSemaphore(4);
    await semaphore.acquire(3);
    const order: string[] = [];
    const large = semaphore.acquire(4)?.then(() => order.push("large"));
    const small = semaphore.acquire(1)?.then(() => order.push("small"));
    semaphore.release(3);
    await large;
    semaphore.release(4);
    await small;
    expect(order).toEqual(["large", "small"]);
  });

  it("takes nothing for a waiter whose signal aborts, and lets the next pass", async () => {
    const semaphore = createSemaphore(1);
    await semaphore.acquire(1);
    const controller = new AbortController();
    const aborted = semaphore.acquire(1, controller.signal);
    const next = semaphore.acquire(1);
    controller.abort(new Error("enough"));
    await expect(aborted).rejects.toThrow("enough");
    semaphore.release(1);
    await next;
    expect(semaphore.used).toBe(1);
    await expect(semaphore.acquire(1, AbortSignal.abort(new Error("before")))).rejects.toThrow("before");
  });
});
