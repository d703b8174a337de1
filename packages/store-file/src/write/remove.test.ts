import { renameSync, writeFileSync } from "node:fs";
import { lstat, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { etagOf } from "../etag.ts";
import { createContainment } from "../root/containment.ts";
import { createLayout } from "../root/layout.ts";
import { stat } from "../syscalls.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { createDirectories } from "./directories.ts";
import { withinProcess } from "./key-lock.ts";
import type { RemoveParts } from "./remove.ts";
import { removeObject } from "./remove.ts";
import { createStaging } from "./staging.ts";

const site = { operation: "delete", store: "main" };

/** A store's folder with the object `f/a`, and what removes it. */
async function prepare(root: string) {
  const layout = createLayout(root);
  const containment = createContainment(layout);
  await mkdir(layout.staging, { recursive: true });
  await mkdir(join(root, "f"));
  const path = join(root, "f/a");
  await writeFile(path, "old");
  const parts: RemoveParts = {
    layout,
    containment,
    directories: createDirectories(layout, containment, undefined),
    staging: createStaging(layout.staging, false),
    traits: () => ({ hardLinks: true, caseSensitive: true }),
  };
  const remove = (ifMatch: string | undefined, changed: Partial<RemoveParts> = {}) =>
    removeObject({ ...parts, ...changed }, site, path, { ifMatch }, async () => undefined);
  return { parts, path, staged: () => readdir(layout.staging), remove, etag: etagOf(await stat(path)) };
}

describe("removing an object", () => {
  it("waits for a conditional write of the same object in this process", async () => {
    await using folder = await temporaryFolder();
    const { path, remove } = await prepare(folder.path);
    let removing: Promise<unknown> | undefined;
    await withinProcess(path, async () => {
      removing = remove(undefined);
      for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setTimeout(resolve, 1));
      expect(await readFile(path, "utf8")).toBe("old");
    });
    expect(await removing).toBe("deleted");
    await expect(lstat(path)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it.each([true, false])(
    "gives back a newer object that came between the comparison and the removal (hard links: %s)",
    async (hardLinks) => {
      await using folder = await temporaryFolder();
      const { parts, path, staged, remove, etag } = await prepare(folder.path);
      const newPath = (): string => {
        writeFileSync(`${path}-newer`, "newer");
        renameSync(`${path}-newer`, path);
        return parts.staging.newPath();
      };
      const traits = () => ({ hardLinks, caseSensitive: true });
      const removing = remove(etag, { staging: { ...parts.staging, newPath }, traits });
      await expect(removing).rejects.toMatchObject({ code: "precondition-failed" });
      expect(await readFile(path, "utf8")).toBe("newer");
      expect(await staged()).toEqual([]);
    },
  );

  it("tells where a newer object is kept that could not be given back", async () => {
    await using folder = await temporaryFolder();
    const { parts, path, staged, remove, etag } = await prepare(folder.path);
    const newPath = (): string => {
      writeFileSync(`${path}-newer`, "newer");
      renameSync(`${path}-newer`, path);
      return parts.staging.newPath();
    };
    const directories = {
      ...parts.directories,
      ensure: async () => {
        await rm(join(folder.path, "f"), { recursive: true });
        await writeFile(join(folder.path, "f"), "in the way");
      },
    };
    const removing = remove(etag, { staging: { ...parts.staging, newPath }, directories });
    const [kept = ""] = await removing.then(
      () => [],
      async () => await staged(),
    );
    await expect(removing).rejects.toMatchObject({
      code: "unavailable",
      hint: expect.stringContaining(kept) as string,
    });
    expect(await readFile(join(parts.layout.staging, kept), "utf8")).toBe("newer");
  });
});
