import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Counts } from "./server.ts";

export interface ServerCosts {
  readonly counts: Counts;
  /** CPU time of the server's process since its start. */
  readonly cpuMs: number;
}

export interface ServerProcess extends AsyncDisposable {
  readonly origin: string;
  costs(): Promise<ServerCosts>;
}

/** The loopback server in a process of its own; `slowMs` is what each part of an upload takes. */
export async function startServerProcess(
  options: { readonly slowMs?: number | undefined } = {},
): Promise<ServerProcess> {
  const slow = options.slowMs === undefined ? [] : ["--slow-ms", String(options.slowMs)];
  const child = spawn(process.execPath, [join(import.meta.dirname, "server.worker.ts"), ...slow], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const { origin } = JSON.parse(line.toString()) as { readonly origin: string };
  return {
    origin,
    async costs() {
      const answer = await fetch(`${origin}/_counts`);
      return (await answer.json()) as ServerCosts;
    },
    async [Symbol.asyncDispose]() {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    },
  };
}
