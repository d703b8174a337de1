import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { defaultRegistry } from "@mortise/core";
import { loadConfig } from "@mortise/core/node";
import { describe, expect, it } from "vitest";
import { webdavStore } from "./plugin.ts";

describe("the webdav plugin", () => {
  it("is found by a project that has the package among its dependencies", async () => {
    const name = "@mortise/example-store-webdav";
    const directory = await mkdtemp(join(tmpdir(), "mortise-project-"));
    try {
      await writeFile(join(directory, "package.json"), JSON.stringify({ dependencies: { [name]: "*" } }));
      const main = { protocol: "webdav", endpoint: "https://dav.example/lab", username: "lab", password: "canary" };
      await writeFile(join(directory, "datajoint.json"), JSON.stringify({ stores: { default: "main", main } }));
      await mkdir(join(directory, "node_modules/@mortise"), { recursive: true });
      await symlink(join(import.meta.dirname, ".."), join(directory, "node_modules", name));
      const config = await loadConfig({ directory, environment: {}, discover: true });
      const spec = config.storeSpec();
      expect([spec.protocol, spec["endpoint"], spec["location"]]).toEqual(["webdav", "https://dav.example/lab", ""]);
      expect(`${inspect(config, { depth: 9 })}${JSON.stringify(spec)}`).not.toContain("canary");
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
