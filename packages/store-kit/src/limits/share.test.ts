import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSemaphore } from "./semaphore.ts";
import { shareOf } from "./share.ts";

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe("an operation's share of a budget", () => {
  it("spends what it reserved before it asks for more, and gives everything back", () => {
    const budget = createSemaphore(16);
    const share = shareOf(budget, undefined);
    expect(share.reserve(16)).toBeUndefined();
    expect(share.acquire(10)).toBeUndefined();
    // The last 6 units pay for 10: waiting for 4 with 6 in its hands could be for ever.
    expect(share.acquire(10)).toBeUndefined();
    expect(budget.used).toBe(16);
    share.release(10);
    share.release(10);
    share.end();
    expect([share.used, budget.used]).toEqual([0, 0]);
  });

  it("gives back what is larger than the whole budget as often as it was taken", async () => {
    const budget = createSemaphore(4);
    const share = shareOf(budget, undefined);
    await share.reserve(16);
    await share.acquire(8);
    share.release(8);
    share.end();
    expect(budget.used).toBe(0);
  });

  it("rests its clock while it waits with nothing in its hands, and only then", async () => {
    const told: string[] = [];
    const clock = { touch: () => {}, rest: () => told.push("rest"), again: () => told.push("again") };
    const budget = createSemaphore(10);
    const other = shareOf(budget, undefined);
    await other.acquire(6);
    const share = shareOf(budget, clock);
    expect(share.acquire(4)).toBeUndefined();
    const second = share.acquire(4);
    expect(told).toEqual([]);
    share.release(4);
    await second;
    expect(told.at(-1)).toBe("again");
    const third = share.acquire(8);
    share.release(4);
    await turn();
    // Its last request has ended, and the others' bodies are what it waits for now.
    expect(told.at(-1)).toBe("rest");
    other.release(6);
    await third;
    expect(told.at(-1)).toBe("again");
  });

  it("lets all operations finish, whatever they reserve and ask for", async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(20), sizes), { maxLength: 12 }), async (operations) => {
        const budget = createSemaphore(20);
        await Promise.all(
          operations.map(async ([ahead, parts]) => {
            const share = shareOf(budget, undefined);
            if (ahead > 0) await share.reserve(ahead);
            const underWay: Promise<void>[] = [];
            for (const part of parts) {
              await share.acquire(part);
              underWay.push(Promise.resolve().then(() => share.release(part)));
            }
            await Promise.all(underWay);
            share.end();
          }),
        );
        expect(budget.used).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});
