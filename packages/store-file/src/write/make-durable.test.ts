import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseKey } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { createContainment } from "../root/containment.ts";
import { createLayout } from "../root/layout.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { createDirectories } from "./directories.ts";
import { createDirectoryFlush } from "./directory-flush.ts";
import type { DurableParts } from "./make-durable.ts";
import { makeDurable } from "./make-durable.ts";

const site = { operation: "ensureDurable", store: "main" };

/** The real flush, which notes the folders it is asked for. */
function recorded(root: string): { readonly parts: DurableParts; readonly flushed: string[] } {
  const layout = createLayout(root);
  const containment = createContainment(layout);
  const flushed: string[] = [];
  const real = createDirectoryFlush();
  const flusher = {
    flush: (directory: string) => {
      flushed.push(directory);
      return real.flush(directory);
    },
  };
  return { parts: { layout, containment, directories: createDirectories(layout, containment, flusher) }, flushed };
}

async function leave(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, "x");
}

describe("making durable what another writer has left", () => {
  it("flushes every folder on the way, and once those on the way are known only the last", async () => {
    await using folder = await temporaryFolder();
    await leave(join(folder.path, "a/b/c"));
    const { parts, flushed } = recorded(folder.path);
    await makeDurable(parts, site, parseKey("a/b/c"));
    expect(new Set(flushed)).toEqual(new Set([folder.path, join(folder.path, "a"), join(folder.path, "a/b")]));
    flushed.length = 0;
    await makeDurable(parts, site, parseKey("a/b/c"));
    expect(flushed).toEqual([join(folder.path, "a/b")]);
  });

  it("flushes the folders of a symbolic link and of what it names", async () => {
    await using folder = await temporaryFolder();
    await leave(join(folder.path, "a/b"));
    await mkdir(join(folder.path, "c"));
    await symlink(join(folder.path, "a/b"), join(folder.path, "c/d"));
    const { parts, flushed } = recorded(folder.path);
    await makeDurable(parts, site, parseKey("c/d"));
    expect(flushed).toEqual(expect.arrayContaining([join(folder.path, "a"), join(folder.path, "c")]));
  });

  it("refuses a link that leaves the store, and what is missing", async () => {
    await using folder = await temporaryFolder();
    await using other = await temporaryFolder();
    await leave(join(other.path, "x"));
    await symlink(join(other.path, "x"), join(folder.path, "link"));
    const { parts, flushed } = recorded(folder.path);
    await expect(makeDurable(parts, site, parseKey("link"))).rejects.toMatchObject({ code: "permission-denied" });
    await expect(makeDurable(parts, site, parseKey("none"))).rejects.toMatchObject({ code: "not-found" });
    expect(flushed).toEqual([]);
  });
});
