import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { apiVersion, defaultRegistry } from "@mortise/core";
import { describe, expect, it } from "vitest";
import * as api from "./index.ts";

describe("@mortise/db-sqlite", () => {
  it("exports the plugin and a way to open a file without a project, and nothing else", () => {
    expect(Object.keys(api).toSorted()).toEqual(["openSqlite", "sqlite"]);
    expect(api.sqlite).toMatchObject({
      kind: "database",
      apiVersion,
      backends: ["sqlite"],
      name: "@mortise/db-sqlite",
    });
    expect(api.sqlite.keys.map((key) => key.name)).toEqual(["file"]);
  });

  it("is found by discovery under the name of its export", async () => {
    const { default: manifest } = await import("../package.json", { with: { type: "json" } });
    expect(manifest.mortise).toEqual({ apiVersion, databases: { sqlite: "sqlite" } });
    expect(api).toHaveProperty(manifest.mortise.databases.sqlite, api.sqlite);
  });

  it("registers itself when /register is imported", async () => {
    await import("./register.ts");
    expect(defaultRegistry().database("sqlite")).toBe(api.sqlite);
  });

  it("does not load Kysely before a database opens", async () => {
    const script = `
      import { registerHooks } from "node:module";
      registerHooks({ resolve(name, context, next) { if (name === "kysely") console.log("loaded"); return next(name, context); } });
      await import(${JSON.stringify(new URL("index.ts", import.meta.url).href)});`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
    expect(stdout).toBe("");
  });
});
