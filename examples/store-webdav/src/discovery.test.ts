import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultRegistry } from "@mortise/core";
import { discoverPlugins } from "@mortise/core/node";
import { describe, expect, it } from "vitest";
import { webdavStore } from "./plugin.ts";

describe("the webdav plugin", () => {
  it("is found by a project that has the package among its dependencies", async () => {
    const name = "@mortise/example-store-webdav";
    const directory = await mkdtemp(join(tmpdir(), "mortise-project-"));
    try {
      await writeFile(join(directory, "package.json"), JSON.stringify({ dependencies: { [name]: "*" } }));
      await mkdir(join(directory, "node_modules/@mortise"), { recursive: true });
      await symlink(join(import.meta.dirname, ".."), join(directory, "node_modules", name));
      const discovery = await discoverPlugins({ directory });
      expect((await discovery.load("store", "webdav"))?.name).toBe("webdav");
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it("is in the default registry once its register module is imported", async () => {
    await import("./register.ts");
    expect(defaultRegistry().store("webdav")).toBe(webdavStore);
  });

  it("keeps its password secret", () => {
    expect(webdavStore.keys.filter((key) => key.secret === true).map((key) => key.name)).toEqual(["password"]);
  });
});
