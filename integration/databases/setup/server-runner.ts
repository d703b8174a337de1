import { basename } from "node:path";
import { inject, it, type RunnerTask, TestRunner } from "vitest";

type Source = Parameters<TestRunner["importFile"]>[1];

/** Runs a file on the project's server, or reports it as not run where there is none; each result names its server. */
export default class ServerRunner extends TestRunner {
  override importFile(path: string, source: Source): unknown {
    const problem = inject("problem");
    if (problem === undefined || source !== "collect") return super.importFile(path, source);
    // Not run only where the machine lacks something; the test command lists it, and fails with CI=true.
    return it.skip(`${this.config.name}: every test of ${basename(path)} (${problem})`, () => undefined);
  }

  override async onBeforeRunTask(test: RunnerTask): Promise<void> {
    Object.assign(test.meta, { server: inject("server")?.name });
    await super.onBeforeRunTask(test);
  }
}
