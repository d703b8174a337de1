import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect } from "vitest";
import { itNeeds, type Requirement } from "../support/machine.ts";
import { dockerEngine } from "./servers/engine.ts";

const engine = await dockerEngine();
const nothing: Requirement = { met: true, reason: "" };

/** The demo's last line. */
async function runDemo(...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const script = join(import.meta.dirname, "../../scripts/demo.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...args]);
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") as Readonly<Record<string, unknown>>;
}

/** What it generates is the same in every run. */
const expected = { rows: 16, objects: 33, bytes: 2_957_872, verified: 33 };

describe("the demo", () => {
  for (const store of ["file", "s3", "gcs", "azure"]) {
    itNeeds(store === "file" ? nothing : engine, `stores and verifies the same on ${store}`, async () => {
      expect(await runDemo("--store", store)).toMatchObject({ database: "sqlite", store, ...expected });
    });
  }

  for (const database of ["postgresql", "mysql"]) {
    itNeeds(engine, `stores and verifies the same on ${database}`, async () => {
      expect(await runDemo(`--database=${database}`)).toMatchObject({ database, store: "file", ...expected });
    });
  }

  itNeeds(engine, "takes a database and a store together", async () => {
    const args = ["--database", "postgresql", "--store", "s3"];
    expect(await runDemo(...args)).toMatchObject({ database: "postgresql", store: "s3", ...expected });
  });
});
