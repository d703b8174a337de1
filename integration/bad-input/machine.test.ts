import { spawn, spawnSync } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { isStoreError } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { createLab, openLab } from "../support/lab.ts";
import { itNeeds, root, tmpfs } from "../support/machine.ts";

/** What a process that has given up root says of each attempt. */
async function asNobody(folder: string): Promise<Readonly<Record<string, string>>> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "unprivileged.worker.ts"), folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
  await new Promise((resolve) => child.on("close", resolve));
  return JSON.parse(output) as Readonly<Record<string, string>>;
}

describe("a machine that refuses", () => {
  itNeeds(tmpfs, "a full disk is a clear error, and no row refers to what was not written", async () => {
    await using lab = await createLab((folder) => ({
      stores: { default: "main", main: { protocol: "file", location: join(folder, "main") } },
    }));
    expect(spawnSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", lab.path("main")]).status).toBe(0);
    try {
      await using project = await openLab(lab.folder);
      const Item = project.schema("lab").manual("Item", "id : int32\n---\nvalue : <object@>");
      await Item.insertOne({ id: 1, value: new Uint8Array(1000) });
      const error: unknown = await Item.insertOne({ id: 2, value: new Uint8Array(1_000_000) }).catch((e: unknown) => e);
      expect(isStoreError(error, "quota-exceeded"), String(error)).toBe(true);
      expect((error as Error & { readonly hint?: string }).hint).toBeTruthy();
      expect((await Item.fetch()).map((row) => row.id)).toEqual([1]);
      expect((await lab.objects()).length).toBe(1);
    } finally {
      spawnSync("umount", [lab.path("main")]);
    }
  });

  itNeeds(
    root,
    "a read-only folder, an unreadable configuration and an unreadable source are clear errors",
    async () => {
      await using lab = await createLab();
      await mkdir(lab.path("closed"), { mode: 0o555 });
      const said = await asNobody(lab.folder);
      expect(said["read-only store"]).toMatch(/permission-denied[\s\S]*hint/);
      expect(said["rows after it"]).toBe("0");
      expect(said["unreadable configuration"]).toMatch(/datajoint\.json/);
      expect(said["unreadable source"]).toMatch(/secret\.bin/);
    },
  );

  it("a store whose folder is missing is a clear error that names it", async () => {
    await using lab = await createLab((folder) => ({
      stores: { default: "main", main: { protocol: "file", location: join(folder, "nowhere") } },
    }));
    await using project = await lab.open();
    const Item = project.schema("lab").manual("Item", "id : int32\n---\nvalue : <object@>");
    const error: unknown = await Item.insertOne({ id: 1, value: new Uint8Array(3) }).catch((e: unknown) => e);
    expect(String(error)).toMatch(/nowhere/);
  });
});
