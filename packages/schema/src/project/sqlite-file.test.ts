import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { blobCodec } from "@mortise/codec-blob";
import { silentLogger } from "@mortise/core";
import { sqlite } from "@mortise/db-sqlite";
import { fileStore } from "@mortise/store-file";
import { describe, expect, it } from "vitest";
import { openProject } from "./open-project.ts";
import { openTestProject } from "./testing.ts";

const plugins = [fileStore, sqlite, blobCodec] as const;

describe("a project on SQLite", () => {
  it("reads datajoint.json and keeps the database beside it", async () => {
    const directory = await mkdtemp(join(tmpdir(), "mortise-open-"));
    await mkdir(join(directory, "store"));
    const stores = { default: "main", main: { protocol: "file", location: "store" } };
    await writeFile(join(directory, "datajoint.json"), JSON.stringify({ stores }));
    {
      await using project = await openProject({ plugins, directory, logger: silentLogger });
      const T = project.schema("lab").manual("T", "id : int32\n---\ndata : <blob@>");
      await T.insertOne({ id: 1, data: { a: [1, 2] } });
      expect(await T.fetchOne()).toEqual({ id: 1, data: { a: [1, 2] } });
    }
    await using again = await openProject({ plugins, directory, logger: silentLogger });
    const T = await again.schema("lab").table("T");
    expect(await T.count()).toBe(1);
    await again.close();
    await rm(directory, { recursive: true });
  });

  it("does not open the database before it is used", async () => {
    const directory = await mkdtemp(join(tmpdir(), "mortise-open-"));
    await using project = await openProject({ plugins, directory, logger: silentLogger });
    const T = project.schema("lab").manual("T", "id : int32");
    expect(await readdir(directory)).toEqual([]);
    await T.insertOne({ id: 1 });
    expect(await readdir(directory)).toEqual([".mortise"]);
    await project.close();
    await rm(directory, { recursive: true });
  });

  it("names the package that a missing plugin is in", async () => {
    await using test = await openTestProject();
    await using project = await openProject({ plugins: [fileStore], config: test.config });
    await expect(project.schema("lab").tableNames()).rejects.toMatchObject({
      code: "unknown-backend",
      message: expect.stringContaining("@mortise/db-sqlite"),
    });
  });
});
