import { setTimeout as sleep } from "node:timers/promises";
import { isMortiseError } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { openFaultLab, scan } from "./fault-lab.ts";
import { startOwnServer } from "./own-server.ts";

/** What may become of an insert while its server goes away. */
type Outcome = "stored" | "unknown" | "refused";

function outcomeOf(error: unknown): Outcome {
  if (isMortiseError(error, "commit-unknown")) return "unknown";
  if (isMortiseError(error, "connection-lost") || isMortiseError(error, "rolled-back")) return "refused";
  throw error;
}

describe("a server that is killed and started again under inserts with objects", () => {
  it("has the rows of every insert that succeeded, none of those that failed, and nothing dangles", async () => {
    await using own = await startOwnServer();
    await using lab = await openFaultLab(() => own.place());
    const outcomes = new Map<number, Outcome>();
    const end = new AbortController();
    let next = 0;
    const writer = async (): Promise<void> => {
      while (!end.signal.aborted) {
        next += 1;
        const id = next;
        outcomes.set(id, await lab.Scan.insertOne(scan(id)).then(() => "stored" as const, outcomeOf));
        // As any program would, before it tries again.
        if (outcomes.get(id) !== "stored") await sleep(20);
      }
    };
    const writers = [1, 2, 3, 4].map(writer);
    const stored = () => [...outcomes.values()].filter((outcome) => outcome === "stored").length;
    for (const round of [1, 2]) {
      const before = stored();
      await expect.poll(stored, { timeout: 30_000 }).toBeGreaterThan(before + 20 * round);
      lab.proxy.redirect(await own.restart());
      const restarted = stored();
      await expect.poll(stored, { timeout: 30_000 }).toBeGreaterThan(restarted + 20);
    }
    end.abort();
    await Promise.all(writers);
    const ids = new Set(await lab.ids());
    const wrong = [...outcomes].filter(
      ([id, outcome]) => outcome !== "unknown" && ids.has(id) !== (outcome === "stored"),
    );
    expect(wrong).toEqual([]);
    expect([...outcomes.values()].filter((outcome) => outcome === "refused")).not.toEqual([]);
    await lab.expectNothingDangling({ crashed: true });
  }, 240_000);
});
