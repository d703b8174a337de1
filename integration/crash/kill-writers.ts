// Kills a process that inserts at random moments, with SIGKILL, and checks what is left each time.
//
//   node integration/crash/kill-writers.ts [--kills 50] [--condemner] [--unchecked]
//
// --condemner   an actor that collects without any grace runs beside, and the writer is paused for longer than its lease
// --unchecked   the writer's W3 does not look at its intents: with the condemner beside it, this must be found out
import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { check, insertAgain } from "./check.ts";
import { leaseMs } from "./scene.ts";

export interface KillOptions {
  readonly kills: number;
  readonly condemner?: boolean | undefined;
  readonly unchecked?: boolean | undefined;
}

export interface KillReport {
  readonly kills: number;
  readonly rows: number;
  /** Objects that crashed writers left, all named by intents. */
  readonly orphans: number;
  /** Everything that must not be; empty when the protocol holds. */
  readonly violations: readonly string[];
}

async function start(worker: string, args: readonly string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, worker), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
  await new Promise<void>((resolve, reject) => {
    child.stdout.once("data", () => resolve());
    child.once("exit", (code) => reject(new Error(`${worker} ended with ${code} before it was ready:\n${complaint}`)));
  });
  child.on("exit", (code) => {
    // A writer that ends by itself has failed: inserting must go on whatever the actor beside it does.
    if (code !== null) process.emitWarning(`${worker} ended by itself with ${code}:\n${complaint}`);
  });
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}

/** Stops the writer for longer than its lease, wherever it is, and lets it go on: what a sleeping laptop does. */
async function pause(child: ChildProcess): Promise<void> {
  child.kill("SIGSTOP");
  await sleep(leaseMs * 2);
  child.kill("SIGCONT");
}

export async function killWriters(options: KillOptions): Promise<KillReport> {
  const folder = await mkdtemp(join(tmpdir(), "mortise-kill-"));
  const violations: string[] = [];
  let rows = 0;
  let orphans = 0;
  let done = 0;
  try {
    await mkdir(join(folder, "main"));
    const stores = { default: "main", main: { protocol: "file", location: join(folder, "main") } };
    await writeFile(join(folder, "datajoint.json"), JSON.stringify({ stores }));
    // The earlier rows that content is shared with.
    if ((await insertAgain(folder, 0n)) !== 8) violations.push("the first rows could not be read back");
    const condemner = options.condemner === true ? await start("condemner.worker.ts", [folder]) : undefined;
    try {
      while (done < options.kills && violations.length === 0) {
        const writer = await start("writer.worker.ts", [folder, options.unchecked === true ? "unchecked" : "checked"]);
        if (condemner !== undefined) {
          for (let pauses = 0; pauses < 4; pauses++) {
            await sleep(randomInt(1, 60));
            await pause(writer);
          }
        }
        await sleep(randomInt(1, 250));
        await kill(writer);
        done++;
        const found = check(folder);
        violations.push(...found.broken.map((problem) => `after kill ${done}: ${problem}`));
        if (condemner === undefined)
          violations.push(...found.unnamed.map((path) => `after kill ${done}: no intent names ${path}`));
        rows = found.rows;
        orphans = found.orphans;
      }
      if (violations.length === 0) {
        await sleep(leaseMs * 1.5);
        const equal = await insertAgain(folder, 2n ** 50n);
        if (equal !== 8)
          violations.push(`after the lease: ${equal} of 8 shared contents could be inserted and read again`);
        violations.push(...check(folder).broken.map((problem) => `after the lease: ${problem}`));
      }
    } finally {
      if (condemner !== undefined) await kill(condemner);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { kills: done, rows, orphans, violations };
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      kills: { type: "string", default: "50" },
      condemner: { type: "boolean", default: false },
      unchecked: { type: "boolean", default: false },
    },
  });
  const report = await killWriters({ ...values, kills: Number(values.kills) });
  console.log(JSON.stringify(report, null, 2));
  process.exitCode = report.violations.length === 0 ? 0 : 1;
}
