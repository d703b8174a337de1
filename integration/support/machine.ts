import { spawnSync } from "node:child_process";
import { it } from "vitest";

/** What a test needs of the machine beyond Node, and how to say that it is not there. */
export interface Requirement {
  readonly met: boolean;
  readonly reason: string;
}

/** Root can become another user and mount a small file system: the only way to see a full disk or a denied read. */
export const root: Requirement = {
  met: process.platform === "linux" && process.getuid?.() === 0,
  reason: "needs root on Linux",
};

/** A file system of a few kilobytes. */
export const tmpfs: Requirement = {
  met: root.met && spawnSync("mount", ["--version"]).status === 0,
  reason: "needs root and mount on Linux",
};

/** Registers a test where the requirement is met; elsewhere it is reported as not run, with the reason in its name. */
export function itNeeds(requirement: Requirement, name: string, test: () => Promise<void>, timeout?: number): void {
  // Not run only where the machine lacks something; the test command lists it, and fails with CI=true.
  if (requirement.met) it(name, test, timeout);
  else it.skip(`${name} (${requirement.reason})`, test);
}
