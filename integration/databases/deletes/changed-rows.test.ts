import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { openDatabaseLab } from "../lab/database-lab.ts";

describe("a delete of rows that another program is changing", () => {
  it.each([1, 1500])("keeps those that its restriction means no more: %i rows", async (count) => {
    await using lab = await openDatabaseLab();
    const Scan = lab.project.schema("lab").manual("Scan", "id : int32\n---\nstate : varchar(10)");
    await Scan.insert(Array.from({ length: count }, (_, id) => ({ id, state: "old" })));
    const other = await lab.again();
    const Theirs = await other.schema("lab").table("Scan");
    const changed = Promise.withResolvers<void>();
    const deleting = Promise.withResolvers<void>();
    const changing = other.transaction(async () => {
      await Theirs.updateOne({ id: 0, state: "kept" });
      changed.resolve();
      await deleting.promise;
    });
    await changed.promise;
    const deleted = Scan.where({ state: "old" }).delete();
    // Long enough for it to have read its keys, and to wait for the row that is locked.
    await sleep(500);
    deleting.resolve();
    await changing;
    expect(await deleted).toBe(count - 1);
    expect(await Scan.fetch()).toEqual([{ id: 0, state: "kept" }]);
  });
});
