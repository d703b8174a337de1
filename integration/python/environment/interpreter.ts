// The virtual environment with DataJoint for Python, made once and kept below node_modules, which git ignores.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const root = join(import.meta.dirname, "../../..");
const cache = join(root, "node_modules/.cache/mortise-python");
const requirements = join(import.meta.dirname, "../requirements.txt");
/** The oldest minor version of Python 3 that DataJoint takes. */
const oldest = 10;
/** Commands to try; the variable is for machines whose `python3` is another one. */
const candidates = [process.env["PYTHON"], "python3", "python", "python3.14", "python3.13", "python3.12", "python3.11"];

/** An interpreter that can import DataJoint. */
export interface Interpreter {
  readonly path: string;
  /** `Python 3.11.7, datajoint 2.3.5` */
  readonly versions: string;
}

const execute = promisify(execFile);
const askVersion = "import sys, venv; print('%d.%d.%d' % sys.version_info[:3])";
/** What the command printed. Throws an error of one line, the last that it said; all of it goes to the terminal. */
async function run(command: string, ...args: readonly string[]): Promise<string> {
  try {
    return (await execute(command, args)).stdout.trim();
  } catch (error) {
    const { stderr = "" } = error as { readonly stderr?: string };
    console.error(stderr);
    throw new Error(`${command} failed: ${stderr.trim().split("\n").at(-1) ?? ""}`, { cause: error });
  }
}

async function findPython(): Promise<{ readonly command: string; readonly version: string }> {
  const unfit: string[] = [];
  for (const command of candidates) {
    if (command === undefined || command === "") continue;
    const version = await execute(command, ["-c", askVersion]).then(
      ({ stdout }) => stdout.trim(),
      () => "",
    );
    const [major, minor] = version.split(".").map(Number);
    if (major === 3 && minor !== undefined && minor >= oldest) return { command, version };
    if (version !== "") unfit.push(`${command} is ${version}`);
  }
  throw new Error(["no Python 3.10 or newer with the module venv", ...unfit].join("; "));
}

/**
 * Finds the environment, or makes it, which takes half a minute and the package index. Throws an error that says what is
 * missing.
 */
export async function prepareInterpreter(): Promise<Interpreter> {
  const { command, version } = await findPython();
  const wanted = `${root}\n${version}\n${await readFile(requirements, "utf8")}`;
  const folder = join(cache, createHash("sha256").update(wanted).digest("hex").slice(0, 12));
  const path = join(folder, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  // Written last: an environment that was being made when the power went is made again.
  const mark = join(folder, "made-for");
  if ((await readFile(mark, "utf8").catch(() => "")) !== wanted) {
    console.error(`making a virtual environment with DataJoint for Python, by Python ${version} …`);
    await rm(folder, { recursive: true, force: true });
    await mkdir(cache, { recursive: true });
    await run(command, "-m", "venv", folder);
    await run(path, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", requirements);
    await writeFile(`${mark}.part`, wanted);
    await rename(`${mark}.part`, mark);
  }
  const datajoint = await run(path, "-c", "import importlib.metadata; print(importlib.metadata.version('datajoint'))");
  return { path, versions: `Python ${version}, datajoint ${datajoint}` };
}
