// How a scenario is written once and run on both databases.
import { afterAll, beforeAll, describe, inject, it } from "vitest";
import type { TestServer } from "../../../packages/schema/test/database/provided.ts";
import { createSharedLab, type SharedLab } from "./lab.ts";

/** One database's run of a group of scenarios. */
export interface Scene {
  readonly backend: TestServer["backend"];
  /** One scenario; its title is a line of the report. */
  readonly scenario: (title: string, run: (lab: SharedLab) => Promise<void>) => void;
}

const labels = ["MySQL", "PostgreSQL"] as const;
const backends = { MySQL: "mysql", PostgreSQL: "postgresql" } as const;

/**
 * Runs scenarios on MySQL and PostgreSQL, each group with an interpreter, a project and a folder of its own. Where Python
 * or the servers are missing, every scenario is reported as not run, with the reason.
 */
export function onBothDatabases(group: string, scenarios: (scene: Scene) => void): void {
  const { reason, servers, interpreter, versions } = inject("twoLanguages");
  describe.each(labels)(`${group} on %s`, (label) => {
    const backend = backends[label];
    const server = servers.find((each) => each.backend === backend);
    let lab: SharedLab | undefined;
    if (server !== undefined) {
      beforeAll(async () => {
        lab = await createSharedLab(server, interpreter);
      });
      afterAll(async () => {
        await lab?.[Symbol.asyncDispose]();
      });
    }
    scenarios({
      backend,
      scenario(title, run) {
        // Not run only where the machine lacks something; the report lists it, and fails with CI=true.
        if (reason !== undefined) it.skip(`${title} (${reason})`, () => undefined);
        else {
          it(title, async ({ task }) => {
            Object.assign(task.meta, { python: versions, server: server?.name });
            await run(lab as SharedLab);
          });
        }
      },
    });
  });
}
