// Before the first test of the project `python`: the interpreter, and one server of each database for all test files.
import type { TestProject } from "vitest/node";
import type { TestServer } from "../../../packages/schema/test/database/provided.ts";
import { dockerEngine } from "../../stores/servers/engine.ts";
import { prepareInterpreter } from "./interpreter.ts";
import { startServers } from "./servers.ts";

/** What the test files are told; `reason` where they can't run. */
export interface Environment {
  readonly reason?: string;
  readonly interpreter: string;
  /** `Python 3.11.7, datajoint 2.3.5` */
  readonly versions: string;
  readonly servers: readonly TestServer[];
}

declare module "vitest" {
  export interface ProvidedContext {
    twoLanguages: Environment;
  }
}

/** Called by vitest; what it returns is called after the last test. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const missing = (reason: string): void =>
    project.provide("twoLanguages", { reason, interpreter: "", versions: "", servers: [] });
  const { met, reason } = await dockerEngine();
  if (!met) {
    missing(reason);
    return undefined;
  }
  const [python, servers] = await Promise.allSettled([prepareInterpreter(), startServers()]);
  if (python.status === "rejected") {
    missing((python.reason as Error).message);
    if (servers.status === "fulfilled") await servers.value.stop();
    return undefined;
  }
  if (servers.status === "rejected") throw servers.reason;
  const running = servers.value;
  const { path, versions } = python.value;
  project.provide("twoLanguages", { interpreter: path, versions, servers: running.servers });
  return running.stop;
}
