import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createContainment } from "../root/containment.ts";
import { createLayout } from "../root/layout.ts";
import { stat } from "../syscalls.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { createCommit } from "./commit.ts";
import { createDirectories } from "./directories.ts";

const site = { operation: "put", store: "main" };

describe("giving a file its name", () => {
  it.each([true, false])(
    "flushes the folder before it says that an object exists (hard links: %s)",
    async (hardLinks) => {
      await using folder = await temporaryFolder();
      const layout = createLayout(folder.path);
      const containment = createContainment(layout);
      const flushed: string[] = [];
      const flusher = {
        flush: async (directory: string) => {
          flushed.push(directory);
          return directory;
        },
      };
      const directories = createDirectories(layout, containment, flusher);
      const commit = createCommit({
        layout,
        containment,
        directories,
        traits: () => ({ hardLinks, caseSensitive: true }),
      });
      const [staged, target] = [join(folder.path, "staged"), join(folder.path, "a")];
      await writeFile(staged, "x");
      // What a writer leaves that is killed between the link and the flush.
      await writeFile(target, "x");
      const placing = commit.place(site, staged, await stat(staged), target, "create");
      await expect(placing).rejects.toMatchObject({ code: "already-exists" });
      expect(flushed).toEqual([folder.path]);
    },
  );
});
