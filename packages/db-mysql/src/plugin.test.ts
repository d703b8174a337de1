import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { apiVersion, defaultRegistry } from "@mortise/core";
import { describe, expect, it } from "vitest";
import * as api from "./index.ts";

describe("@mortise/db-mysql", () => {
  it("exports the plugin and a way to open a server without a project, and nothing else", () => {
    expect(Object.keys(api).toSorted()).toEqual(["mysql", "openMysql"]);
    expect(api.mysql).toMatchObject({ kind: "database", apiVersion, backends: ["mysql"], name: "@mortise/db-mysql" });
    expect(api.mysql.keys.map((key) => key.name)).toEqual(["tls_ca", "connections", "wait_ms"]);
  });

  it("is found by discovery under the name of its export", async () => {
    const { default: manifest } = await import("../package.json", { with: { type: "json" } });
    expect(manifest.mortise).toEqual({ apiVersion, databases: { mysql: "mysql" } });
    expect(api).toHaveProperty(manifest.mortise.databases.mysql, api.mysql);
  });

  it("registers itself when /register is imported", async () => {
    await import("./register.ts");
    expect(defaultRegistry().database("mysql")).toBe(api.mysql);
  });

  it("refuses settings that lead nowhere before it connects", async () => {
    await expect(api.openMysql({ user: "" })).rejects.toMatchObject({ code: "database-user" });
    await expect(api.openMysql({ user: "ann", host: "ann:pw@host" })).rejects.toMatchObject({ code: "database-host" });
    const context = { logger: { debug() {}, info() {}, warn() {}, error() {} } };
    await expect(api.mysql.open({ backend: "mysql", user: "ann", port: 0 }, context as never)).rejects.toMatchObject({
      code: "database-host",
    });
  });

  it("loads neither mysql2 nor Kysely before a database opens", async () => {
    const script = `
      import { registerHooks } from "node:module";
      const heavy = new Set(["kysely", "mysql2"]);
      registerHooks({ resolve(name, context, next) { if (heavy.has(name)) console.log(name); return next(name, context); } });
      await import(${JSON.stringify(new URL("index.ts", import.meta.url).href)});`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
    expect(stdout).toBe("");
  });
});
