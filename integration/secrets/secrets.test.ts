import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { canaries, leaksIn } from "./canaries.ts";

const worker = join(import.meta.dirname, "errors.worker.ts");

async function outputOf(...args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [worker, ...args], { maxBuffer: 2 ** 29 });
  return stdout + stderr;
}

describe("secrets of the cloud stores", () => {
  it("appear in no output of any error path", async () => {
    const output = await outputOf();
    const errors = /\{"errors":(\d+)\}\s/.exec(output)?.[1];
    expect(Number(errors)).toBeGreaterThan(200);
    expect(leaksIn(output)).toEqual([]);
  });

  it("are found where one is planted", async () => {
    expect(leaksIn(await outputOf("--plant"))).toContain("secretKey");
  });

  it.each(Object.entries(canaries))("are recognised in every form: %s", (name, secret) => {
    for (const text of [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString("base64"),
      Buffer.from(secret).toString("hex").toUpperCase(),
    ])
      expect(leaksIn(`x=${text};`)).toContain(name);
  });
});
