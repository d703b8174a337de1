// A Python process that runs code on request: DataJoint for Python as a test sees it.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { PythonError } from "./errors.ts";
import type { PythonValue } from "./values.ts";

const program = join(import.meta.dirname, "../worker/main.py");
/** Milliseconds. The slowest request declares tables on a server that is busy with another test file. */
const defaultTimeout = 60_000;
/** Characters of standard error that are kept for a failure. */
const keptOutput = 4_000;

export interface RunOptions {
  /** Milliseconds after which the worker is ended and the request fails. */
  readonly timeoutMs?: number | undefined;
}

/** One interpreter, with one DataJoint connection; requests are answered one after another. */
export interface PythonWorker extends AsyncDisposable {
  /**
   * Runs code as in a cell of a notebook, with `values` bound to their names; gives the value of its last expression.
   * Throws `PythonError` for an exception, and `Error` with what Python printed when the process ended or hung.
   */
  run(code: string, values?: Readonly<Record<string, PythonValue>>, options?: RunOptions): Promise<PythonValue>;
  /** The exception that the code must end with. Throws where it ends without one. */
  fails(code: string, values?: Readonly<Record<string, PythonValue>>): Promise<PythonError>;
  /** What Python wrote to standard error so far, the last of it. */
  output(): string;
}

interface Answer {
  readonly id: number;
  readonly value?: PythonValue;
  readonly error?: { readonly type: string; readonly bases: readonly string[]; readonly message: string };
}

interface Waiting {
  readonly resolve: (value: PythonValue) => void;
  readonly reject: (error: Error) => void;
}

/** Starts a worker in a folder, where DataJoint finds its `datajoint.json`. */
export function startPython(
  interpreter: string,
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): PythonWorker {
  // A buffered line would be lost with the process; a log line must not be coloured.
  const env = { ...inherited(), PYTHONUNBUFFERED: "1", PYTHONDONTWRITEBYTECODE: "1", NO_COLOR: "1", ...environment };
  return createWorker(spawn(interpreter, [program], { cwd: folder, env }));
}

/** DataJoint's variables of whoever runs the tests must not lead Python to another server. */
function inherited(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.toUpperCase().startsWith("DJ_")));
}

function createWorker(child: ChildProcessWithoutNullStreams): PythonWorker {
  const waiting = new Map<number, Waiting>();
  let next = 0;
  let output = "";
  let ended: Error | undefined;

  function end(reason: string): void {
    ended ??= new Error(`the Python worker ${reason}; it printed:\n${output}`);
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
    child.kill("SIGKILL");
  }
  // A process that could not be started emits an error instead.
  const closed = Promise.race([once(child, "close"), once(child, "error")]).catch(() => undefined);
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output = (output + text).slice(-keptOutput);
  });
  child.on("error", (error) => end(`could not be started: ${error.message}`));
  child.on("close", (code, signal) => end(`ended with ${signal ?? code}`));
  // A worker that is gone is told by its end, not by the pipe to it.
  child.stdin.on("error", () => undefined);
  createInterface({ input: child.stdout }).on("line", (line) => {
    const { id, value = null, error } = JSON.parse(line) as Answer;
    const request = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) request?.resolve(value);
    else request?.reject(new PythonError(error.type, error.bases, error.message, output));
  });

  async function run(code: string, values = {}, { timeoutMs = defaultTimeout }: RunOptions = {}): Promise<PythonValue> {
    if (ended !== undefined) throw ended;
    const id = next++;
    const answer = new Promise<PythonValue>((resolve, reject) => waiting.set(id, { resolve, reject }));
    const timer = setTimeout(() => end(`did not answer within ${timeoutMs} ms to:\n${code}\n`), timeoutMs);
    child.stdin.write(`${JSON.stringify({ id, code: dedent(code), values })}\n`);
    return await answer.finally(() => clearTimeout(timer));
  }

  return {
    run,
    async fails(code, values) {
      const outcome = await run(code, values).catch((error: unknown) => error);
      if (outcome instanceof PythonError) return outcome;
      throw outcome instanceof Error ? outcome : new Error(`no exception, but ${JSON.stringify(outcome)}`);
    },
    output: () => output,
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      const patience = setTimeout(() => child.kill("SIGKILL"), 5_000);
      await closed;
      clearTimeout(patience);
    },
  };
}

/** Code stands indented in a test, and Python minds. */
function dedent(code: string): string {
  const lines = code.replace(/^\n/, "").trimEnd().split("\n");
  const indents = lines.filter((line) => line.trim() !== "").map((line) => line.length - line.trimStart().length);
  const indent = Math.min(...indents);
  return lines.map((line) => line.slice(indent)).join("\n");
}
