import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";

it("importing the package does not load Kysely", async () => {
  const entry = new URL("../index.ts", import.meta.url).href;
  const script = `
    const { registerHooks } = require("node:module");
    const loaded = [];
    registerHooks({ resolve(name, context, next) { const found = next(name, context); loaded.push(found.url); return found; } });
    import(${JSON.stringify(entry)}).then(() => console.log(JSON.stringify(loaded)));
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", script]);
  const urls = JSON.parse(stdout) as string[];
  expect(urls).toContain(entry);
  expect(urls.filter((url) => url.includes("/kysely/"))).toEqual([]);
});
