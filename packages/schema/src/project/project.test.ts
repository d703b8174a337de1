import { join } from "node:path";
import { blobCodec } from "@mortise/codec-blob";
import type { ObjectRef } from "@mortise/codec-object";
import { type ObjectKey, type ObjectStore, parseKey } from "@mortise/core";
import { createConfig } from "@mortise/core/config";
import { fileStore } from "@mortise/store-file";
import { createMemoryStore } from "@mortise/store-testkit";
import { describe, expect, it } from "vitest";
import { openProject } from "./open-project.ts";
import { openTestProject, type TestProject } from "./testing.ts";

const key = (text: string): ObjectKey => parseKey(text);
const pluginsFor = (test: TestProject) => [fileStore, test.database.plugin, blobCodec] as const;

async function openWith(test: TestProject, other: ObjectStore): Promise<void> {
  await using project = await openProject({ plugins: pluginsFor(test), config: test.config, stores: { other } });
  await project.store("other");
}

describe("openProject", () => {
  it("opens a store at its first use only", async () => {
    await using test = await openTestProject({ main: { location: "/nowhere/to/be/found" } });
    const T = test.project.schema("lab").manual("T", "id : int32\n---\ndata = null : <hash@>");
    await T.insertOne({ id: 1 });
    const inserting = T.insertOne({ id: 2, data: Uint8Array.of(1) });
    await expect(inserting).rejects.toMatchObject({ name: "StoreError", code: "invalid-config" });
    expect(await T.count()).toBe(1);
  });

  it("takes settings above every other source", async () => {
    await using test = await openTestProject();
    const settings = { "stores.default": "raw" };
    await using project = await openProject({ plugins: pluginsFor(test), config: test.config, settings });
    expect(project.config.defaultStore).toBe("raw");
  });

  it("refuses options that it does not know, with the nearest name", async () => {
    await using test = await openTestProject();
    const T = test.project.schema("lab").manual("T", "id : int32");
    const slip = (name: string): object => ({ [name]: true });
    const calls: readonly (readonly [() => unknown, string])[] = [
      [() => T.insert([{ id: 1 }], slip("skip_duplicates")), 'did you mean "skipDuplicates"?'],
      [() => T.insertOne({ id: 1 }, slip("replaces")), 'did you mean "replace"?'],
      [() => T.updateOne({ id: 1 }, slip("signl")), 'did you mean "signal"?'],
      [() => T.delete(slip("All_rows")), "allowed: all, parts, signal"],
      [() => T.fetch(slip("sgnal")), 'did you mean "signal"?'],
      [() => T.count(slip("limit")), "allowed: signal"],
      [() => test.project.transaction(async () => 1, slip("timeoutMs")), "allowed: signal"],
      [() => openProject(slip("setings")), 'did you mean "settings"?'],
      [() => T.stream(slip("batches")), 'did you mean "batch"?'],
    ];
    for (const [call, hint] of calls)
      await expect((async () => await call())()).rejects.toMatchObject({ code: "unknown-option", hint });
    expect(await T.count()).toBe(0);
  });

  it("refuses work after it was closed, and may be closed twice", async () => {
    await using test = await openTestProject();
    const T = test.project.schema("lab").manual("T", "id : int32");
    await T.insertOne({ id: 1 });
    await test.project.close();
    await test.project.close();
    await expect(T.count()).rejects.toMatchObject({ code: "closed" });
    await expect(T.insertOne({ id: 2 })).rejects.toMatchObject({ code: "closed" });
  });

  it("takes stores that are open already, and leaves them open", async () => {
    const store = createMemoryStore();
    await using test = await openTestProject({ stores: { archive: store } });
    const T = test.project.schema("lab").manual("T", "id : int32\n---\ndata : <hash@archive>");
    await T.insertOne({ id: 1, data: Uint8Array.of(1, 2) });
    expect((await T.fetchOne())["data"]).toEqual(Uint8Array.of(1, 2));
    await test.project.close();
    await store.put(key("still/open"), Uint8Array.of(1));
  });

  it("uses the only store given as an instance as the default", async () => {
    await using test = await openTestProject();
    const plugins = pluginsFor(test);
    const config = createConfig({ plugins, directory: test.folder, options: test.database.settings });
    await using project = await openProject({ plugins, config, stores: { only: createMemoryStore() } });
    const T = project.schema("lab").manual("T", "id : int32\n---\ndata : <hash@>");
    await T.insertOne({ id: 1, data: Uint8Array.of(1) });
    expect(await T.fetchOne()).toEqual({ id: 1, data: Uint8Array.of(1) });
  });

  it.each([
    ["equal", ""],
    ["nested", "/inside"],
  ])("refuses two stores that are %s", async (_, below) => {
    await using test = await openTestProject();
    const location = join(test.folder, "main");
    const instance = { ...createMemoryStore(), baseUrl: `file://${location}${below}` };
    await expect(openWith(test, instance)).rejects.toMatchObject({
      name: "ConfigError",
      code: "overlapping-stores",
    });
  });

  it("declares again a table that was dropped", async () => {
    await using test = await openTestProject();
    const T = test.project.schema("lab").manual("T", "id : int32");
    await T.insertOne({ id: 1 });
    await T.drop();
    expect(await test.project.schema("lab").tableNames()).toEqual([]);
    await T.insertOne({ id: 2 });
    expect(await T.keys()).toEqual([{ id: 2 }]);
  });

  it("fills a lookup table with its contents once", async () => {
    await using test = await openTestProject();
    const contents = [{ kind: "a" }, { kind: "b" }];
    const define = (project: typeof test.project) =>
      project.schema("lab").lookup("Kind", "kind : varchar(4)", {}, { contents });
    expect(await define(test.project).count()).toBe(2);
    expect(await define(await test.again()).count()).toBe(2);
  });

  it("has parts, opened by their class name as well", async () => {
    await using test = await openTestProject();
    const lab = test.project.schema("lab");
    const Master = lab.manual("Master", "id : int32");
    const Part = Master.part("Part", "-> master\nn : int8\n---\nraw = null : <object@>");
    await Master.insertOne({ id: 1 });
    await Part.insertOne({ id: 1, n: 2, raw: Uint8Array.of(1) });
    const [path] = await test.objects();
    expect(path).toMatch(/^_schema\/lab\/Master\.Part\/id=1\/n=2\/raw\./);
    expect(await (await lab.table("Master.Part")).count()).toBe(1);
  });

  it("says that a single object is no list of rows", async () => {
    await using test = await openTestProject();
    const T = test.project.schema("lab").manual("T", "id : int32");
    const wrong = T.insert({ id: 1 } as unknown as { id: number }[]);
    await expect(wrong).rejects.toMatchObject({ code: "invalid-query", hint: expect.stringContaining("insertOne") });
  });
});

describe("project.store", () => {
  it("is the way to the files that <filepath@> refers to", async () => {
    await using test = await openTestProject({ main: { filepath_prefix: "user" } });
    const files = await test.project.store();
    await files.put(key("user/a.txt"), new TextEncoder().encode("hello"));
    const T = test.project.schema("lab").manual("T", "id : int32\n---\nfile : <filepath@>");
    await T.insertOne({ id: 1, file: "user/a.txt" });
    const { file } = (await T.fetchOne()) as { file: ObjectRef };
    expect(new TextDecoder().decode(await file.read())).toBe("hello");
    await expect(T.insertOne({ id: 2, file: "user/none.txt" })).rejects.toMatchObject({ code: "source-not-found" });
  });

  it.each([
    ["_hash/lab/x", "reserved-path"],
    ["_schema/lab/x", "reserved-path"],
    ["_mortise/store.json", "reserved-path"],
    ["elsewhere/x", "outside-prefix"],
  ])("refuses %s in every operation", async (path, code) => {
    await using test = await openTestProject({ main: { filepath_prefix: "user" } });
    const files = await test.project.store();
    const refused = expect.objectContaining({ code });
    const good = key("user/a");
    await files.put(good, Uint8Array.of(1));
    const bad = key(path);
    await expect(files.put(bad, Uint8Array.of(1))).rejects.toEqual(refused);
    await expect(files.get(bad)).rejects.toEqual(refused);
    await expect(files.head(bad)).rejects.toEqual(refused);
    await expect(files.getRanges(bad, [])).rejects.toEqual(refused);
    await expect(files.delete(bad)).rejects.toEqual(refused);
    await expect(files.copy(good, bad)).rejects.toEqual(refused);
    await expect(files.move(bad, good)).rejects.toEqual(refused);
    await expect(files.deleteMany([good, bad])).rejects.toEqual(refused);
  });

  it("shows what the store can do now, also when it has found out that its server can do less", async () => {
    const memory = createMemoryStore();
    let capabilities = memory.capabilities;
    const other: ObjectStore = {
      ...memory,
      get capabilities() {
        return capabilities;
      },
      async prepare() {
        capabilities = { ...capabilities, putModes: new Set() };
      },
    };
    await using test = await openTestProject({ stores: { other } });
    const view = await test.project.store("other");
    expect([...view.capabilities.putModes]).toEqual(["create", "ifMatch"]);
    await view.prepare?.();
    expect([...view.capabilities.putModes]).toEqual([]);
  });

  it("lists the user's files and no others", async () => {
    await using test = await openTestProject();
    const T = test.project.schema("lab").manual("T", "id : int32\n---\nraw : <object@>");
    await T.insertOne({ id: 1, raw: Uint8Array.of(1) });
    const files = await test.project.store();
    await files.put(key("mine/a"), Uint8Array.of(1));
    await files.put(key("b"), Uint8Array.of(1));
    const seen: string[] = [];
    for await (const page of files.list()) seen.push(...page.objects.map((object) => object.key as string));
    const top: string[] = [];
    for await (const page of files.list({ delimiter: "/" })) top.push(...page.prefixes);
    expect([seen.sort(), top]).toEqual([["b", "mine/a"], ["mine/"]]);
    await files.close();
    await files.head(key("b"));
  });
});
