import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempProject } from "../../test/temp-project.ts";
import { readSecrets } from "./read-secrets.ts";

describe("readSecrets", () => {
  it("A43: reads only .secrets/ where mounted secrets exist too", async () => {
    await using project = await tempProject({
      ".secrets/database.user": "own",
      "mounted/database.user": "mounted",
      "mounted/database.password": "mounted",
    });
    const { secrets } = await readSecrets(project.path, join(project.path, "mounted"));
    expect(secrets?.values).toEqual({ "database.user": "own" });
  });

  it("reads mounted secrets where there is no .secrets/, without a warning about their mode", async () => {
    await using project = await tempProject({ "mounted/database.user": "mounted" });
    const { secrets, warnings } = await readSecrets(project.path, join(project.path, "mounted"));
    expect(secrets).toEqual({ path: join(project.path, "mounted"), values: { "database.user": "mounted" } });
    expect(warnings).toEqual([]);
  });

  it("finds none where there is neither", async () => {
    await using project = await tempProject();
    expect(await readSecrets(project.path, join(project.path, "mounted"))).toEqual({ warnings: [] });
  });
});
