import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempProject } from "../../test/temp-project.ts";
import { loadConfig } from "./load-config.ts";
import { writeTemplate } from "./write-template.ts";

async function mode(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

describe("writeTemplate", () => {
  it("A49: writes database host and port and the secrets, each readable by the owner only", async () => {
    await using project = await tempProject();
    const path = await writeTemplate(join(project.path, "datajoint.json"), { database: "mysql" });
    expect(path).toBe(join(project.path, "datajoint.json"));
    expect(await readFile(path, "utf8")).toBe(
      '{\n  "database": {\n    "host": "localhost",\n    "port": 3306\n  }\n}\n',
    );
    const secrets = join(project.path, ".secrets");
    expect((await readdir(secrets)).toSorted()).toEqual([".gitignore", "database.password", "database.user"]);
    expect(await mode(secrets)).toBe("700");
    for (const name of await readdir(secrets)) expect(await mode(join(secrets, name))).toBe("600");
    const lines = (await readFile(join(secrets, ".gitignore"), "utf8")).split("\n");
    expect(lines.slice(1)).toEqual(["*", "!.gitignore", ""]);
    expect((await readdir(project.path)).toSorted()).toEqual([".secrets", "datajoint.json"]);
    const config = await loadConfig({ directory: project.path, environment: {} });
    expect(config.database).toMatchObject({ backend: "mysql", user: "your_username", port: 3306 });
    expect(config.warnings).toEqual([]);
  });

  it("A49: writes a store and no database unless it is told to, ready to be used", async () => {
    await using project = await tempProject();
    await writeTemplate(join(project.path, "datajoint.json"));
    const config = await loadConfig({ directory: project.path, environment: {} });
    expect(config.storeSpec()).toMatchObject({ protocol: "file", location: join(project.path, "data") });
    expect(config.database.backend).toBe("sqlite");
    expect(config.warnings).toEqual([]);
    expect((await stat(join(project.path, "data"))).isDirectory()).toBe(true);
    expect(await readdir(join(project.path, ".secrets"))).toEqual([".gitignore"]);
  });

  it("names PostgreSQL as backend, and leaves secrets out on request", async () => {
    await using project = await tempProject();
    await writeTemplate(join(project.path, "datajoint.json"), { database: "postgresql", secrets: false });
    const config = await loadConfig({ directory: project.path, environment: {} });
    expect(config.database).toMatchObject({ backend: "postgresql", port: 5432 });
    expect(await readdir(project.path)).toEqual(["datajoint.json"]);
  });

  it("A50: refuses to write over a file, and then writes nothing", async () => {
    await using project = await tempProject({ "datajoint.json": "{}" });
    const path = join(project.path, "datajoint.json");
    await expect(writeTemplate(path)).rejects.toMatchObject({ code: "file-exists", message: `${path} exists already` });
    expect(await readdir(project.path)).toEqual(["datajoint.json"]);
  });

  it("keeps secrets that exist", async () => {
    await using project = await tempProject({ ".secrets/database.user": "me" });
    await writeTemplate(join(project.path, "datajoint.json"), { database: "mysql" });
    expect(await readFile(join(project.path, ".secrets/database.user"), "utf8")).toBe("me");
  });
});
