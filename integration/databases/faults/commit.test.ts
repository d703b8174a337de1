import { describe, expect, it } from "vitest";
import { openFaultLab, scan } from "./fault-lab.ts";
import type { CommitFault } from "./proxy.ts";

const faults: readonly CommitFault[] = ["before", "after", "late", "stuck"];

describe("an insert with objects whose connection is cut at COMMIT", () => {
  it.each(faults)("is stored once, with its objects: %s", async (fault) => {
    await using lab = await openFaultLab();
    await lab.Scan.insertOne(scan(1));
    lab.proxy.arm("cut-here", fault);
    await lab.Scan.insert([scan(2, "cut-here"), scan(3)]);
    expect(lab.proxy.armed).toBe(false);
    await lab.Scan.insertOne(scan(4));
    expect(await lab.ids()).toEqual([1, 2, 3, 4]);
    expect(await lab.intents()).toBe(0);
    await lab.expectNothingDangling();
  });
});

describe("a transaction with objects whose connection is cut at COMMIT", () => {
  const committed: Readonly<Record<CommitFault, boolean>> = { before: false, after: true, late: true, stuck: false };

  it.each(faults)("is committed, or rolled back and known to be: %s", async (fault) => {
    await using lab = await openFaultLab();
    lab.proxy.arm("cut-here", fault);
    let hooks = 0;
    const running = lab.test.project.transaction(async () => {
      await lab.Scan.insertOne(scan(1, "cut-here"));
      await lab.Scan.insertOne(scan(2));
      hooks += 1;
      return "done";
    });
    if (committed[fault]) {
      expect(await running).toBe("done");
    } else {
      await expect(running).rejects.toMatchObject({ name: "TransactionError", code: "rolled-back", retryable: true });
    }
    expect(hooks).toBe(1);
    expect(await lab.ids()).toEqual(committed[fault] ? [1, 2] : []);
    await lab.expectNothingDangling();
    await lab.Scan.insertOne(scan(3));
    await lab.expectNothingDangling();
  });
});

describe("rows without objects whose connection is cut at COMMIT", () => {
  it.each(faults)("are of unknown outcome, and the error says so: %s", async (fault) => {
    await using lab = await openFaultLab();
    const Plain = lab.test.project.schema("lab").manual("Plain", "id : int32\n---\nnote : varchar(40)");
    await Plain.heading();
    lab.proxy.arm("cut-here", fault);
    await expect(Plain.insertOne({ id: 1, note: "cut-here" })).rejects.toMatchObject({
      name: "TransactionError",
      code: "commit-unknown",
      retryable: false,
      hint: expect.stringContaining("look for the rows") as unknown,
    });
    await Plain.insertOne({ id: 2, note: "later" });
    expect(await Plain.where({ id: 2 }).exists()).toBe(true);
  });
});
