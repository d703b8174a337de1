// Kills a process that inserts at random moments, with SIGKILL, and checks what is left each time.
//
//   node integration/crash/kill-writers.ts [--kills 50] [--mixed] [--condemner] [--unchecked]
//
// --mixed       two writers at once, which insert, replace, update and delete the same rows, also in transactions; what
//               these leave without a row is not looked at: under SQLite's lock no intent names it
// --condemner   an actor that collects without any grace runs beside, and the writer is paused for longer than its lease
// --unchecked   the writer's W3 does not look at its intents: with the condemner beside it, this must be found out
import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { Place } from "../stores/servers/place.ts";
import { writeSecrets } from "../stores/servers/write-secrets.ts";
import { check, insertAgain } from "./check.ts";
import { objectsInBucket, objectsInFolder, type SeenObjects } from "./objects.ts";
import { leaseMs } from "./scene.ts";

export interface KillOptions {
  readonly kills: number;
  /** A bucket that the objects are in; default: a folder. */
  readonly bucket?: Place | undefined;
  readonly mixed?: boolean | undefined;
  readonly condemner?: boolean | undefined;
  readonly unchecked?: boolean | undefined;
}

export interface KillReport {
  readonly kills: number;
  readonly rows: number;
  /** Objects that crashed writers left; those of plain writers are all named by intents. */
  readonly orphans: number;
  /** Everything that must not be; empty when the protocol holds. */
  readonly violations: readonly string[];
}

interface Worker {
  readonly child: ChildProcess;
  /** What it wrote to stderr. */
  readonly complaint: () => string;
}

async function start(worker: string, args: readonly string[]): Promise<Worker> {
  const child = spawn(process.execPath, [join(import.meta.dirname, worker), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaint += text));
  await new Promise<void>((resolve, reject) => {
    child.stdout.once("data", () => resolve());
    child.once("exit", (code) => reject(new Error(`${worker} ended with ${code} before it was ready:\n${complaint}`)));
  });
  return { child, complaint: () => complaint };
}

/** Says what is wrong with one that has ended by itself: writing must go on whatever the others do. */
async function kill({ child, complaint }: Worker): Promise<readonly string[]> {
  if (child.exitCode !== null) return [`a process ended by itself with ${child.exitCode}: ${complaint()}`];
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
  return [];
}

/** Stops the writer for longer than its lease, wherever it is, and lets it go on: what a sleeping laptop does. */
async function pause({ child }: Worker): Promise<void> {
  child.kill("SIGSTOP");
  await sleep(leaseMs * 2);
  child.kill("SIGCONT");
}

/** Writes the configuration, and answers with a look at where the objects will be. */
async function configure(folder: string, bucket: Place | undefined): Promise<SeenObjects> {
  const location = bucket === undefined ? join(folder, "main") : "crash";
  await mkdir(join(folder, "main"));
  const main = { ...(bucket?.shared ?? { protocol: "file" }), location };
  await writeFile(join(folder, "datajoint.json"), JSON.stringify({ stores: { default: "main", main } }));
  if (bucket === undefined) return objectsInFolder(location);
  await writeSecrets(folder, "main", bucket);
  return objectsInBucket(bucket, location);
}

export async function killWriters(options: KillOptions): Promise<KillReport> {
  const folder = await mkdtemp(join(tmpdir(), "mortise-kill-"));
  const violations: string[] = [];
  const modes = options.mixed === true ? ["mixed", "mixed"] : [options.unchecked === true ? "unchecked" : "plain"];
  let rows = 0;
  let orphans = 0;
  let done = 0;
  try {
    const objects = await configure(folder, options.bucket);
    // The earlier rows that content is shared with.
    if ((await insertAgain(folder, 0n)) !== 8) violations.push("the first rows could not be read back");
    const condemner = options.condemner === true ? await start("condemner.worker.ts", [folder]) : undefined;
    try {
      while (done < options.kills && violations.length === 0) {
        const writers = await Promise.all(modes.map((mode) => start("writer.worker.ts", [folder, mode])));
        // Each at a moment of its own; the check then sees rows that nobody changes.
        const ends = await Promise.all(
          writers.map(async (writer) => {
            if (condemner !== undefined) {
              for (let pauses = 0; pauses < (options.mixed === true ? 2 : 4); pauses++) {
                await sleep(randomInt(1, 60));
                await pause(writer);
              }
            }
            await sleep(randomInt(1, options.bucket === undefined ? 250 : 1_500));
            return await kill(writer);
          }),
        );
        violations.push(...ends.flat());
        done++;
        const found = await check(folder, objects);
        violations.push(...found.broken.map((problem) => `after kill ${done}: ${problem}`));
        if (condemner === undefined && options.mixed !== true)
          violations.push(...found.unnamed.map((path) => `after kill ${done}: no intent names ${path}`));
        rows = found.rows;
        orphans = found.orphans;
      }
      if (violations.length === 0) {
        await sleep(leaseMs * 1.5);
        const equal = await insertAgain(folder, 2n ** 50n);
        if (equal !== 8)
          violations.push(`after the lease: ${equal} of 8 shared contents could be inserted and read again`);
        violations.push(...(await check(folder, objects)).broken.map((problem) => `after the lease: ${problem}`));
      }
    } finally {
      if (condemner !== undefined) violations.push(...(await kill(condemner)));
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
      mixed: { type: "boolean", default: false },
      condemner: { type: "boolean", default: false },
      unchecked: { type: "boolean", default: false },
    },
  });
  const report = await killWriters({ ...values, kills: Number(values.kills) });
  console.log(JSON.stringify(report, null, 2));
  process.exitCode = report.violations.length === 0 ? 0 : 1;
}
