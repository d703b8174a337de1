import { describe, expect, it } from "vitest";
import { openTestProject } from "../project/testing.ts";
import type { Project } from "../types/index.ts";

async function withProject(work: (project: Project<unknown>) => Promise<void>): Promise<void> {
  await using test = await openTestProject();
  await work(test.project);
}

describe("deletes in transactions of a project", () => {
  it("run one after the other with inserts that are not awaited singly", async () => {
    await withProject(async (project) => {
      const lab = project.schema("lab");
      const Item = lab.manual("Item", "id : int32\n---\nn : int32");
      await lab.declare();
      await Item.insert([{ id: 0, n: 0 }]);
      await project.transaction(async () => {
        await Promise.all([
          Item.insert([{ id: 1, n: 1 }]),
          Item.where({ id: 0 }).delete(),
          Item.insert([{ id: 2, n: 2 }]),
          Item.where({ id: 1 }).delete(),
        ]);
      });
      expect(await Item.keys()).toEqual([{ id: 2 }]);
    });
  });

  it("a failed one is undone alone, and savepoints undo what was deleted in them", async () => {
    await withProject(async (project) => {
      const lab = project.schema("lab");
      const Block = lab.manual("Block", "block : int32");
      const Use = Block.part("Use", "-> master\nuse : int32");
      await lab.declare();
      await Block.insert([{ block: 1 }, { block: 2 }]);
      await Use.insert([
        { block: 1, use: 1 },
        { block: 2, use: 1 },
      ]);
      await project.transaction(async (transaction) => {
        await expect(Use.where({ block: 1 }).delete()).rejects.toMatchObject({ code: "part-without-master" });
        await expect(
          transaction.savepoint(async () => {
            await Block.where({ block: 1 }).delete();
            throw new Error("no");
          }),
        ).rejects.toThrow("no");
        expect(await transaction.use(Block.where({ block: 2 })).delete()).toBe(1);
      });
      expect(await Use.keys()).toEqual([{ block: 1, use: 1 }]);
    });
  });
});
