import { describe, expect, it } from "vitest";
import { storeError } from "../errors.ts";
import type { Attempt, Retrier } from "./retrier.ts";
import { createRetrier } from "./retrier.ts";

const site = { operation: "test", store: "cloud" };
const failure = (extras = {}): Error => storeError(site, "unavailable", "down", extras);

function lab(options = {}, random = 1): { readonly pauses: number[]; readonly retrier: Retrier } {
  const pauses: number[] = [];
  const sleep = async (ms: number): Promise<void> => void pauses.push(ms);
  return { pauses, retrier: createRetrier(options, { random: () => random, sleep }) };
}

describe("a retrier", () => {
  it("repeats what may succeed later, with longer and longer pauses up to a limit", async () => {
    const { pauses, retrier } = lab({ attempts: 6, baseMs: 100, maxMs: 500 });
    await expect(retrier.run(() => Promise.reject(failure()))).rejects.toMatchObject({ code: "unavailable" });
    expect(pauses).toEqual([100, 200, 400, 500, 500]);
  });

  it("waits as long as the server asks, within the limit", async () => {
    const { pauses, retrier } = lab({ attempts: 3, maxMs: 5_000 }, 0);
    const asked = [2_000, 60_000];
    await retrier.run(async ({ number }) => {
      const retryAfterMs = asked[number - 1];
      if (retryAfterMs !== undefined) throw failure({ retryAfterMs });
    });
    expect(pauses).toEqual([2_000, 5_000]);
  });

  it("does not repeat what can't heal, nor errors that are not a store's", async () => {
    const { pauses, retrier } = lab();
    await expect(retrier.run(() => Promise.reject(storeError(site, "not-found", "no")))).rejects.toMatchObject({
      code: "not-found",
    });
    await expect(retrier.run(() => Promise.reject(new TypeError("a bug")))).rejects.toThrow("a bug");
    expect(pauses).toEqual([]);
  });

  it("tells whether an earlier attempt may have been carried out", async () => {
    const seen: Attempt[] = [];
    const errors = [failure({ notSent: true }), storeError(site, "rate-limited", "slow down"), failure()];
    await lab().retrier.run(async (attempt) => {
      seen.push(attempt);
      const error = errors[attempt.number - 1];
      if (error !== undefined) throw error;
    });
    expect(seen.map(({ ambiguous }) => ambiguous)).toEqual([false, false, false, true]);
  });

  it("stops repeating when the store's budget is spent, and begins again after successes", async () => {
    const { pauses, retrier } = lab({ attempts: 4, budget: 5 });
    const fail = (): Promise<void> => retrier.run(() => Promise.reject(failure())).catch(() => undefined);
    await Promise.all([fail(), fail(), fail()]);
    expect(pauses).toHaveLength(5);
    for (let count = 0; count < 10; count++) await retrier.run(() => Promise.resolve());
    await fail();
    expect(pauses).toHaveLength(6);
  });

  it("lets 64 requests at once outlast a second of refusals", async () => {
    const { retrier } = lab({}, 0.5);
    const busy = storeError(site, "rate-limited", "slow down");
    const outlast = async (): Promise<void> => {
      await retrier.run(async ({ number }) => {
        // Milliseconds that the pauses before this attempt have taken.
        if (50 * (2 ** (number - 1) - 1) < 1_000) throw busy;
      });
    };
    const outcomes = await Promise.allSettled(Array.from({ length: 64 }, outlast));
    expect(outcomes.filter(({ status }) => status === "rejected")).toEqual([]);
  });

  it("ends a pause when the signal aborts, with the error that it waited for", async () => {
    const controller = new AbortController();
    const retrier = createRetrier({ baseMs: 1e6, maxMs: 1e6 }, { random: () => 1 });
    const work = retrier.run(() => Promise.reject(failure()), controller.signal);
    setTimeout(() => controller.abort(new Error("enough")), 1);
    await expect(work).rejects.toMatchObject({ code: "unavailable" });
  });
});
