import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createMemoryStore } from "@mortise/store-testkit";
import { describe, expect, it } from "vitest";
import { onBackend } from "../../test/database/provided.ts";
import { openTestProject, type TestProject } from "../project/testing.ts";
import type { Project } from "../types/index.ts";
import { bytes } from "./testing.ts";

const definition = "id : int32\n---\ndata : <hash@>" as string;

function table(project: Project<unknown>) {
  return project.schema("lab").manual("T", definition);
}

async function ownFiles(test: TestProject): Promise<readonly string[]> {
  const files = await readdir(join(test.folder, "main", "_mortise"), { recursive: true }).catch(() => []);
  return files.filter((path) => path.endsWith(".json")).sort();
}

describe("the owner of a store's objects", () => {
  it("is written by the first object, with the store's identity", async () => {
    await using test = await openTestProject();
    const T = table(test.project);
    await T.heading();
    await T.fetch();
    expect(await ownFiles(test)).not.toContain(join("owners", "lab.json"));
    await T.insertOne({ id: 1, data: bytes("x") });
    expect(await ownFiles(test)).toEqual([join("owners", "lab.json"), "store.json"]);
    const owner: unknown = JSON.parse(await readFile(join(test.folder, "main/_mortise/owners/lab.json"), "utf8"));
    expect(owner).toMatchObject({
      formatVersion: 1,
      schema: "lab",
      databaseId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  it("keeps another database out before anything is written", async () => {
    await using test = await openTestProject();
    await table(test.project).insertOne({ id: 1, data: bytes("x") });
    await using database = await test.database.another();
    const other = table(await test.again({}, { database }));
    const before = await test.objects();
    await expect(other.insertOne({ id: 1, data: bytes("y") })).rejects.toMatchObject({
      name: "ConfigError",
      code: "foreign-owner",
    });
    expect(await test.objects()).toEqual(before);
    expect(await other.count()).toBe(0);
  });

  it.each([
    ["an empty folder", async (folder: string) => await rm(join(folder, "main"), { recursive: true })],
    [
      "another store",
      async (folder: string) =>
        await writeFile(join(folder, "main/_mortise/store.json"), '{"formatVersion":1,"storeId":"other"}'),
    ],
  ])("keeps writes out of %s in place of the store, also in a transaction", async (_, change) => {
    await using test = await openTestProject();
    await table(test.project).insertOne({ id: 1, data: bytes("x") });
    await change(test.folder);
    await mkdir(join(test.folder, "main"), { recursive: true });
    const before = await ownFiles(test);
    const again = await test.again();
    const T = table(again);
    const refused = { name: "ConfigError", code: "foreign-store", hint: expect.stringContaining("mount the store") };
    await expect(T.insertOne({ id: 2, data: bytes("y") })).rejects.toMatchObject(refused);
    await expect(again.transaction(() => T.insertOne({ id: 2, data: bytes("y") }))).rejects.toMatchObject(refused);
    await expect(T.updateOne({ id: 1, data: bytes("y") })).rejects.toMatchObject(refused);
    expect(await T.keys()).toEqual([{ id: 1 }]);
    expect(await ownFiles(test)).toEqual(before);
    // What no store is needed for goes on.
    await T.where({ id: 1 }).delete();
  });

  it("goes on writing to a store that was moved as a whole", async () => {
    await using test = await openTestProject();
    await table(test.project).insertOne({ id: 1, data: bytes("x") });
    await rename(join(test.folder, "main"), join(test.folder, "moved"));
    const moved = await test.again({}, { main: { location: join(test.folder, "moved") } });
    await table(moved).insertOne({ id: 2, data: bytes("y") });
    expect(await table(moved).count()).toBe(2);
  });

  it("knows a store again that was first written to in a transaction, and one given as an instance", async () => {
    await using test = await openTestProject({ stores: { main: createMemoryStore() } });
    const T = table(test.project);
    await T.heading();
    await test.project.transaction(() => T.insertOne({ id: 1, data: bytes("x") }));
    await table(await test.again()).insertOne({ id: 2, data: bytes("y") });
    const other = await test.again({}, { stores: { main: createMemoryStore() } });
    await expect(table(other).insertOne({ id: 3, data: bytes("z") })).rejects.toMatchObject({ code: "foreign-store" });
  });

  it("lets the same database write from another process", async () => {
    await using test = await openTestProject();
    await table(test.project).insertOne({ id: 1, data: bytes("x") });
    await table(await test.again()).insertOne({ id: 2, data: bytes("y") });
    expect(await test.objects()).toHaveLength(2);
  });

  it("is not left behind by a transaction that is rolled back, where the database id never was", async () => {
    await using test = await openTestProject();
    const T = table(test.project);
    await T.heading();
    const failing = test.project.transaction(async () => {
      await T.insertOne({ id: 1, data: bytes("x") });
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    // A server's schema has its id since the table was declared; on SQLite the transaction took it along.
    const there = onBackend({ sqlite: false, mysql: true, postgresql: true });
    expect((await ownFiles(test)).includes(join("owners", "lab.json"))).toBe(there);
    await test.project.transaction(() => T.insertOne({ id: 1, data: bytes("x") }));
    expect(await ownFiles(test)).toContain(join("owners", "lab.json"));
    await T.insertOne({ id: 2, data: bytes("y") });
  });

  it("is said again when somebody has deleted the marker", async () => {
    await using test = await openTestProject();
    await table(test.project).insertOne({ id: 1, data: bytes("x") });
    await rm(join(test.folder, "main/_mortise/owners/lab.json"));
    await table(await test.again()).insertOne({ id: 2, data: bytes("y") });
    expect(await ownFiles(test)).toContain(join("owners", "lab.json"));
  });
});
