import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger } from "@mortise/core";
import { sqlite } from "@mortise/db-sqlite";
import { describe, expect, it } from "vitest";
import { openProject } from "../project/open-project.ts";

async function withProject(work: (project: Awaited<ReturnType<typeof open>>) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "mortise-delete-"));
  try {
    await using project = await open(directory);
    await work(project);
  } finally {
    await rm(directory, { recursive: true });
  }
}

const open = (directory: string) =>
  openProject({
    directory,
    plugins: [sqlite],
    settings: { "mortise.database.file": join(directory, "db.sqlite") },
    logger: silentLogger,
  });

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
