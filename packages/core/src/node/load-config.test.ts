import { chmod, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempProject } from "../../test/temp-project.ts";
import { isSecret } from "../config/secret.ts";
import { loadConfig } from "./load-config.ts";

const store = { protocol: "file", location: "/tmp/x" };
const environment = {};

/** Root can read everything, so as root this becomes another user for the time of the action. */
async function asOrdinaryUser(action: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return action();
  process.seteuid?.(65_534);
  try {
    await action();
  } finally {
    process.seteuid?.(0);
  }
}

describe("loadConfig", () => {
  it("A01: finds no stores when there is no file, and warns", async () => {
    await using project = await tempProject({ ".git/HEAD": "" });
    const config = await loadConfig({ directory: project.path, environment });
    expect(config.stores.size).toBe(0);
    expect(config.warnings).toEqual([`no datajoint.json was found from ${project.path} upwards`]);
    expect(config.directory).toBe(project.path);
  });

  it("warns of no missing file when the stores are said in code or in the environment", async () => {
    await using project = await tempProject({ ".git/HEAD": "" });
    const { path: directory } = project;
    const inCode = await loadConfig({ directory, environment: {}, options: { "database.host": "h" } });
    expect(inCode.warnings).toEqual([]);
    const variables = { DJ_STORES: JSON.stringify({ default: "m", m: { protocol: "file", location: directory } }) };
    expect((await loadConfig({ directory, environment: variables })).warnings).toEqual([]);
  });

  it("A02: refuses a malformed file, with its position", async () => {
    await using project = await tempProject({ "datajoint.json": "{bad" });
    await expect(loadConfig({ directory: project.path, environment })).rejects.toMatchObject({
      code: "malformed-file",
      message: `${project.path}/datajoint.json:1:2: expected a name in double quotes, found "b"`,
    });
  });

  it("A03: finds the file above the working directory", async () => {
    await using project = await tempProject({ "datajoint.json": { stores: { m: store } }, "a/b/c/x": "" });
    const config = await loadConfig({ directory: join(project.path, "a/b/c"), environment });
    expect(config.storeSpec("m")).toMatchObject(store);
    expect(config.directory).toBe(project.path);
  });

  it("A04: stops at the folder of a repository", async () => {
    await using project = await tempProject({
      "datajoint.json": { stores: { m: store } },
      "a/.hg/x": "",
      "a/b/c/x": "",
    });
    const config = await loadConfig({ directory: join(project.path, "a/b/c"), environment });
    expect(config.stores.size).toBe(0);
    expect(config.directory).toBe(join(project.path, "a"));
  });

  it("A05: finds a file that stands beside .git, whether that is a folder or a file", async () => {
    await using project = await tempProject({
      "datajoint.json": { stores: { m: store } },
      ".git": "gitdir: x",
      "a/b/x": "",
    });
    const config = await loadConfig({ directory: join(project.path, "a/b"), environment });
    expect(config.stores.size).toBe(1);
  });

  it("A15: tolerates comments, with a warning that Python ignores the file", async () => {
    await using project = await tempProject({ "datajoint.json": '{ // one\n "safemode": /* two */ false }' });
    const config = await loadConfig({ directory: project.path, environment });
    expect(config.get("safemode")).toBe(false);
    expect(config.warnings.join()).toContain("has comments; DataJoint for Python ignores such a file");
  });

  it("A42: reads .secrets/ beside the repository's root where there is no file", async () => {
    await using project = await tempProject({ ".git/HEAD": "", ".secrets/database.user": "su\n", "a/x": "" });
    const config = await loadConfig({ directory: join(project.path, "a"), environment });
    expect(config.get("database.user")).toBe("su");
  });

  it("prefers options, then variables, then secrets, then the file", async () => {
    await using project = await tempProject({
      "datajoint.json": { "database.user": "f", "database.host": "f", "database.port": 1, "database.name": "f" },
      ".secrets/database.user": "s",
    });
    const config = await loadConfig({
      directory: project.path,
      environment: { DJ_HOST: "e", DJ_PORT: "2" },
      options: { "database.port": 3 },
    });
    expect(config.database).toMatchObject({ user: "s", host: "e", port: 3, name: "f" });
  });

  it("reads an explicit file, and needs it to exist", async () => {
    await using project = await tempProject({ "other.json": { stores: { m: store } } });
    const config = await loadConfig({ directory: project.path, file: "other.json", environment });
    expect(config.stores.size).toBe(1);
    await expect(loadConfig({ directory: project.path, file: "gone.json", environment })).rejects.toMatchObject({
      code: "unreadable-file",
      message: `There is no configuration file ${join(project.path, "gone.json")}`,
    });
  });

  it("does not even look at a broken file that the environment says to ignore", async () => {
    await using project = await tempProject({ "datajoint.json": "{bad", ".secrets/database.user": "u" });
    const config = await loadConfig({ directory: project.path, environment: { DJ_IGNORE_CONFIG_FILE: "1" } });
    expect(config.get("database.user")).toBeUndefined();
  });

  it("sees that two folders are one behind a symbolic link, whether they exist or not", async () => {
    await using project = await tempProject({ "real/x": "" });
    await symlink(join(project.path, "real"), join(project.path, "link"));
    const options = (a: string, b: string): Readonly<Record<string, unknown>> => ({
      stores: {
        a: { protocol: "file", location: join(project.path, a) },
        b: { protocol: "file", location: join(project.path, b) },
      },
    });
    const load = (a: string, b: string): Promise<unknown> =>
      loadConfig({ directory: project.path, environment, options: options(a, b) });
    await expect(load("real", "link")).rejects.toThrow("is the location of store");
    await expect(load("real/new/x", "link/new")).rejects.toThrow("lies inside the location of store");
    await expect(load("real/new", "link/other")).resolves.toBeDefined();
  });

  it("refuses a start folder that does not exist", async () => {
    await using project = await tempProject();
    const directory = join(project.path, "gone");
    await expect(loadConfig({ directory, environment })).rejects.toMatchObject({ code: "unreadable-file" });
  });

  it.each(["datajoint.json", ".secrets/database.user"])("refuses %s if it may not be read", async (name) => {
    await using project = await tempProject({ "datajoint.json": {}, ".secrets/database.user": "u" });
    await chmod(project.path, 0o755);
    await chmod(join(project.path, ".secrets"), 0o755);
    await chmod(join(project.path, name), 0);
    await asOrdinaryUser(async () => {
      await expect(loadConfig({ directory: project.path, environment })).rejects.toMatchObject({
        code: "unreadable-file",
        message: `Can't read ${join(project.path, name)}: EACCES`,
      });
    });
  });
});

describe("the secrets directory", () => {
  it("warns of files that others can read, by name and mode", async () => {
    await using project = await tempProject({
      "datajoint.json": {},
      ".secrets/database.password": "pw",
      ".secrets/database.user": "u",
    });
    await chmod(join(project.path, ".secrets/database.password"), 0o644);
    const config = await loadConfig({ directory: project.path, environment });
    const password = config.get("database.password");
    expect(isSecret(password) && password.reveal()).toBe("pw");
    expect(config.warnings).toEqual([
      expect.stringContaining(`${project.path}/.secrets/database.password can be read by others (mode 644)`),
    ]);
  });

  it("ignores folders and files of other names, and follows links", async () => {
    await using project = await tempProject({
      "datajoint.json": {},
      ".secrets/other": "x",
      "elsewhere/user": "linked",
    });
    await mkdir(join(project.path, ".secrets/stores.a.k"));
    await symlink(join(project.path, "elsewhere/user"), join(project.path, ".secrets/database.user"));
    const config = await loadConfig({ directory: project.path, environment });
    expect(config.get("database.user")).toBe("linked");
    expect(config.get("stores")).toEqual({});
  });

  it.each([
    ["the folder itself", "real/x", "link/x", "is the location of store"],
    ["a folder below it, not made yet", "link", "real/not/yet", "lies inside the location of store"],
    ["a link to a link", "real", "link2", "is the location of store"],
  ])("refuses two stores in one folder through a symbolic link: %s", async (_, a, b, message) => {
    await using project = await tempProject({ "real/x/file": "", "datajoint.json": {} });
    await symlink(join(project.path, "real"), join(project.path, "link"));
    await symlink("link", join(project.path, "link2"));
    const stores = {
      a: { protocol: "file", location: join(project.path, a) },
      b: { protocol: "file", location: `file://${join(project.path, b)}` },
    };
    const call = { directory: project.path, environment };
    const refused = { code: "invalid-config", message: expect.stringContaining(message) as string };
    await expect(loadConfig({ ...call, options: { stores } })).rejects.toMatchObject(refused);
    const variables = { DJ_STORES__B__PROTOCOL: "file", DJ_STORES__B__LOCATION: join(project.path, b) };
    const mixed = loadConfig({ ...call, options: { stores: { a: stores.a } }, environment: variables });
    await expect(mixed).rejects.toMatchObject(refused);
  });
});
