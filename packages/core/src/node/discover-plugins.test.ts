import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type TempProject, tempProject } from "../../test/temp-project.ts";
import { discoverPlugins } from "./discover-plugins.ts";
import { loadConfig } from "./load-config.ts";
import { entryPoint } from "./package-entry.ts";

const module = `
  export const memStore = {
    kind: "store", apiVersion: 1, name: "mem", origin: import.meta.url, protocols: ["mem"], urlSchemes: ["mem"],
    keys: [{ name: "size", type: "integer", required: true, description: "Bytes" }],
    open: () => Promise.reject(new Error("not opened here")),
  };`;

function manifest(mortise: unknown): object {
  return { type: "module", exports: { ".": { types: "./x.d.ts", import: "./index.js" } }, mortise };
}

async function withPackages(packages: Readonly<Record<string, object>>, code = module): Promise<TempProject> {
  const project = await tempProject({
    "package.json": { dependencies: Object.fromEntries(Object.keys(packages).map((name) => [name, "*"])) },
    "sub/x": "",
  });
  for (const [name, content] of Object.entries(packages)) {
    await project.write({ [`node_modules/${name}/package.json`]: content, [`node_modules/${name}/index.js`]: code });
  }
  return project;
}

const mem = manifest({ apiVersion: 1, stores: { mem: "memStore" }, codecs: { fig: "figCodec" } });

describe("discoverPlugins", () => {
  it("lists what the dependencies of the nearest package.json say they have, and imports nothing", async () => {
    await using project = await withPackages({ "@acme/mem": mem, other: {} }, "throw new Error('imported')");
    const { plugins } = await discoverPlugins({ directory: join(project.path, "sub") });
    expect(plugins.map(({ kind, name, packageName }) => [kind, name, packageName])).toEqual([
      ["store", "mem", "@acme/mem"],
      ["codec", "fig", "@acme/mem"],
    ]);
  });

  it("imports the package that has the plugin, and adds it to a registry", async () => {
    await using project = await withPackages({ "@acme/mem": mem });
    const discovery = await discoverPlugins({ directory: project.path });
    expect(await discovery.load("store", "mem")).toMatchObject({ name: "mem" });
    expect(await discovery.load("store", "nope")).toBeUndefined();
    const added: unknown[] = [];
    await discovery.addTo({ add: (plugin) => added.push(plugin.name) }, { stores: ["mem", "nope"] });
    expect(added).toEqual(["mem"]);
  });

  it("refuses two packages for one name, and names both", async () => {
    await using project = await withPackages({ one: mem, two: mem });
    const discovery = await discoverPlugins({ directory: project.path });
    await expect(discovery.load("store", "mem")).rejects.toMatchObject({
      code: "duplicate-plugin",
      message: 'Both one and two have the store "mem"',
    });
  });

  it("refuses a package of another contract version without importing it", async () => {
    const other = manifest({ apiVersion: 2, stores: { mem: "memStore" } });
    await using project = await withPackages({ one: other }, "throw new Error('imported')");
    const discovery = await discoverPlugins({ directory: project.path });
    await expect(discovery.load("store", "mem")).rejects.toMatchObject({
      code: "api-version",
      message: expect.stringContaining("one is made for version 2"),
    });
  });

  it("refuses an export that is no such plugin", async () => {
    await using project = await withPackages({ one: manifest({ apiVersion: 1, stores: { mem: "gone" } }) });
    const discovery = await discoverPlugins({ directory: project.path });
    await expect(discovery.load("store", "mem")).rejects.toMatchObject({ code: "invalid-plugin" });
  });

  it("says which package could not be imported, and why", async () => {
    await using project = await withPackages({ one: mem }, "throw new Error('broken')");
    const discovery = await discoverPlugins({ directory: project.path });
    await expect(discovery.load("store", "mem")).rejects.toMatchObject({
      code: "invalid-plugin",
      message: expect.stringContaining("one says that it has"),
      cause: expect.objectContaining({ message: "broken" }),
    });
  });

  it("finds nothing where there is no package.json, and refuses one that is malformed", async () => {
    await using project = await tempProject({ "a/package.json": "{bad" });
    await expect(discoverPlugins({ directory: join(project.path, "a") })).rejects.toMatchObject({
      code: "malformed-file",
    });
    expect((await discoverPlugins({ directory: project.path })).plugins).toEqual([]);
  });

  it("brings loadConfig the keys of protocols that core does not know", async () => {
    await using project = await withPackages({ "@acme/mem": mem });
    const options = { "stores.m.protocol": "mem", "stores.m.size": 5 };
    const config = await loadConfig({ directory: project.path, environment: {}, options });
    expect(config.storeSpec("m")).toMatchObject({ protocol: "mem", size: 5 });
    const wrong = { directory: project.path, environment: {}, options: { "stores.m.protocol": "mem" } };
    await expect(loadConfig(wrong)).rejects.toThrow("The mem store is missing: size");
    await expect(loadConfig({ ...wrong, discover: false })).rejects.toThrow('Unknown protocol "mem"');
  });
});

describe("entryPoint", () => {
  it.each([
    [{ exports: "./a.js" }, "./a.js"],
    [{ exports: { ".": "./a.js", "./x": "./b.js" } }, "./a.js"],
    [{ exports: { types: "./a.d.ts", default: "./a.js" } }, "./a.js"],
    [{ exports: { ".": { require: "./a.cjs", import: { types: "./a.d.ts", default: "./a.js" } } } }, "./a.js"],
    [{ exports: { ".": { browser: "./b.js", node: "./a.js" } } }, "./a.js"],
    [{ main: "lib/a.js" }, "lib/a.js"],
    [{}, "index.js"],
  ])("of %j is %s", (manifest, file) => {
    expect(entryPoint(manifest)).toBe(file);
  });
});
