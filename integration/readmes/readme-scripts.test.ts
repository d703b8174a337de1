import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const packages = join(import.meta.dirname, "../../packages");
const fence = /```ts run\n([\s\S]*?)```/g;

interface Run {
  readonly code: number | null;
  readonly output: string;
}

async function run(file: string, cwd: string): Promise<Run> {
  const child = spawn(process.execPath, [file], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  return { code, output };
}

const names = await readdir(packages);

describe.concurrent("the scripts in the packages' READMEs", () => {
  it.each(names)("%s: every script runs and prints something", async (name) => {
    const text = await readFile(join(packages, name, "README.md"), "utf8");
    const scripts = [...text.matchAll(fence)].map((match) => match[1] ?? "");
    expect(scripts.length, "a README has at least one script that can be run").toBeGreaterThan(0);
    // Inside this workspace, so that the imports resolve as they do for a user who has installed the packages.
    const folder = await mkdtemp(join(import.meta.dirname, `.run-${name}-`));
    try {
      for (const [index, script] of scripts.entries()) {
        const file = join(folder, `script-${index}.ts`);
        await writeFile(file, script);
        const { code, output } = await run(file, folder);
        expect({ code, output }).toMatchObject({ code: 0 });
        expect(output.trim()).not.toBe("");
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
