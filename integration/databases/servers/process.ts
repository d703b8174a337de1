import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync } from "node:fs";
import { chown, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Requirement } from "../../support/machine.ts";

/** An installed program, as a requirement that a machine meets or not. */
export function program(path: string, packageName: string): Requirement {
  return { met: existsSync(path), reason: `no ${path}, which Debian 12's package ${packageName} installs` };
}

/** A user to run a server as: database servers refuse to be root, and nobody else can become another user. */
export interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

/** The ids of `name` for root, nothing for others. */
export function serverUser(name: string): ServerUser {
  if (process.getuid?.() !== 0) return {};
  const id = (option: string): number => Number(execFileSync("id", [option, name], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

/** A folder for a server's files, which only that user can read. */
export async function createServerFolder({ uid, gid }: ServerUser): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "mortise-server-"));
  if (uid !== undefined && gid !== undefined) await chown(folder, uid, gid);
  chmodSync(folder, 0o700);
  return folder;
}

/** A port of 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();
  listener.close();
  await once(listener, "close");
  if (address === null || typeof address === "string") throw new Error("a listening socket has no port");
  return address.port;
}

/** A server process, and the last it said. */
export interface ServerProcess extends AsyncDisposable {
  /** Empty while it runs; then how it ended and what it said last. */
  ended(): string;
  /** Ends it by a signal that leaves it no time to tidy up, and starts it again at once. */
  restart(signal: NodeJS.Signals): Promise<void>;
}

/** Starts a server in its folder. Disposing ends it, waits for that, and removes the folder. */
export function startProcess(
  command: string,
  args: readonly string[],
  user: ServerUser,
  folder: string,
  stopSignal: NodeJS.Signals,
): ServerProcess {
  let said = "";
  const start = (): { readonly child: ChildProcess; readonly exit: Promise<unknown> } => {
    const child = spawn(command, args, { ...user, cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        said = (said + chunk.toString()).slice(-2000);
      });
    }
    return { child, exit: once(child, "exit").catch((error: Error) => void (said += error.message)) };
  };
  let current = start();
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    current.child.kill(signal);
    await current.exit;
  };
  return {
    ended() {
      const { exitCode, signalCode } = current.child;
      return exitCode === null && signalCode === null ? "" : `${exitCode} ${said}`;
    },
    async restart(signal) {
      await end(signal);
      current = start();
    },
    async [Symbol.asyncDispose]() {
      await end(stopSignal);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
