import type { TestProject } from "vitest/node";
import type { Requirement } from "../../support/machine.ts";
import type { RunningServer } from "../servers/running-server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Why this project's server could not be started; its files then tell it instead of running. */
    problem?: string;
  }
}

/** Starts a project's server before its first file, and returns how to stop it after the last. */
export async function provideServer(
  project: TestProject,
  requirement: Requirement,
  start: () => Promise<RunningServer>,
): Promise<(() => Promise<void>) | undefined> {
  if (!requirement.met) {
    project.provide("problem", requirement.reason);
    return undefined;
  }
  const running = await start();
  project.provide("server", running.server);
  return async () => await running[Symbol.asyncDispose]();
}
