import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ObjectRef, objectCodec } from "@mortise/codec-object";
import type { ObjectStore } from "@mortise/core";
import { fileStore } from "@mortise/store-file";
import { createMemoryStore } from "@mortise/store-testkit";
import { describe, expect, it } from "vitest";
import { openProject } from "../project/open-project.ts";
import { openTestProject, type TestProject } from "../project/testing.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A table with a hash-addressed and a schema-addressed attribute, as text: its types do not matter here. */
function scans(test: Pick<TestProject, "project">, schema = "lab") {
  const definition = "id : int32\n---\nraw = null : <object@>\ndata = null : <hash@>" as string;
  return test.project.schema(schema).manual("Scan", definition);
}

describe("rows and their objects", () => {
  it("S01: leaves no object behind after a duplicate key", async () => {
    await using test = await openTestProject();
    const Scan = scans(test);
    await Scan.insertOne({ id: 1 });
    await expect(Scan.insertOne({ id: 1, raw: bytes("x") })).rejects.toMatchObject({ code: "duplicate" });
    expect(await test.objects()).toEqual([]);
  });

  it("S01: deletes the object of a row that the database refuses in the end", async () => {
    await using test = await openTestProject();
    const lab = test.project.schema("lab");
    const Parent = lab.manual("Parent", "p : int32");
    const Child = lab.manual("Child", "-> Parent\n---\nraw : <object@>", { Parent });
    await Child.heading();
    const inserting = Child.insertOne({ p: 7, raw: bytes("x") });
    await expect(inserting).rejects.toMatchObject({ code: "integrity" });
    expect(await test.objects()).toEqual([]);
  });

  it.each(["an insert", "a transaction"])(
    "checks every row of an array before the first chunk goes up, in %s",
    async (place) => {
      await using test = await openTestProject();
      const Scan = scans(test);
      await Scan.heading();
      const rows = [1, 2, 3].map((id) => ({ id: id === 3 ? "three" : id, data: bytes(`d${id}`) }));
      const insert = () => Scan.insert(rows, { batch: 1 });
      await expect(place === "an insert" ? insert() : test.project.transaction(insert)).rejects.toMatchObject({
        code: "wrong-type",
      });
      expect(await test.objects()).toEqual([]);
      expect(await Scan.count()).toBe(0);
    },
  );

  it("S02: writes nothing when the third of three values is invalid", async () => {
    await using test = await openTestProject();
    const Scan = scans(test);
    const rows = [
      { id: 1, raw: bytes("a"), data: bytes("a") },
      { id: 2, raw: bytes("b"), data: bytes("b") },
      { id: 3, raw: 5, data: bytes("c") },
    ];
    await expect(Scan.insert(rows)).rejects.toMatchObject({ name: "ValueError", site: { row: 2, attribute: "raw" } });
    expect(await test.objects()).toEqual([]);
    expect(await Scan.count()).toBe(0);
  });

  it("S03: deletes the objects of a transaction that is rolled back", async () => {
    await using test = await openTestProject();
    const Scan = scans(test);
    await Scan.heading();
    const failing = test.project.transaction(async () => {
      await Scan.insertOne({ id: 1, raw: bytes("x") });
      expect(await test.objects()).toHaveLength(1);
      throw new Error("changed my mind");
    });
    await expect(failing).rejects.toThrow("changed my mind");
    expect(await test.objects()).toEqual([]);
    expect(await Scan.count()).toBe(0);
  });

  it("S04: uploads nothing for a row that is skipped", async () => {
    await using test = await openTestProject();
    const Scan = scans(test);
    await Scan.insertOne({ id: 1 });
    const rows = [
      { id: 1, raw: bytes("x"), data: bytes("x") },
      { id: 2, raw: bytes("y") },
    ];
    const summary = await Scan.insert(rows, { skipDuplicates: true });
    expect(summary).toMatchObject({ inserted: 1, skipped: 1, uploaded: 1 });
    expect(await test.objects()).toHaveLength(1);
  });

  it("S05: an update writes a new object and leaves the old one to the collector", async () => {
    await using test = await openTestProject();
    const Scan = scans(test);
    await Scan.insertOne({ id: 1, raw: bytes("old") });
    const [old] = await test.objects();
    await Scan.updateOne({ id: 1, raw: bytes("new") });
    expect(await test.objects()).toHaveLength(2);
    expect(await test.objects()).toContain(old);
    const { raw } = (await Scan.fetchOne()) as { raw: ObjectRef };
    expect(new TextDecoder().decode(await raw.read())).toBe("new");
  });

  it("H28: an update of one row has the whole key in the path", async () => {
    await using test = await openTestProject();
    const lab = test.project.schema("lab");
    const Recording = lab.manual("Recording", "subject_id : int32\nsession : int32\n---\nraw = null : <object@>");
    await Recording.insertOne({ subject_id: 1, session: 2 });
    await Recording.updateOne({ subject_id: 1, session: 2, raw: bytes("x") });
    const [path] = await test.objects();
    expect(path).toMatch(/^_schema\/lab\/Recording\/subject_id=1\/session=2\/raw\.[a-z0-9]{8}$/);
  });

  it("S06: deleting rows leaves their objects to the collector", async () => {
    await using test = await openTestProject();
    const Scan = scans(test);
    await Scan.insertOne({ id: 1, raw: bytes("x"), data: bytes("y") });
    await Scan.delete({ all: true });
    expect(await test.objects()).toHaveLength(2);
  });

  it("S07: equal bytes in one schema are one object and equal metadata", async () => {
    await using test = await openTestProject();
    const Scan = scans(test);
    const batch = await Scan.insert([1, 2, 3].map((id) => ({ id, data: bytes("same") })));
    expect(batch).toMatchObject({ uploaded: 1, deduplicated: 2, bytes: 4 });
    expect(await Scan.insertOne({ id: 4, data: bytes("same") })).toMatchObject({ uploaded: 0, deduplicated: 1 });
    expect(await test.objects()).toHaveLength(1);
    const database = await test.project.schema("lab").kysely();
    const rows = await database.selectFrom("scan").select("data").execute();
    expect(new Set(rows.map((row) => row["data"])).size).toBe(1);
  });

  it("S08: equal bytes in two schemas are two objects", async () => {
    await using test = await openTestProject();
    await scans(test, "lab").insertOne({ id: 1, data: bytes("same") });
    await scans(test, "other").insertOne({ id: 1, data: bytes("same") });
    const objects = await test.objects();
    expect(objects.map((path) => path.split("/")[1])).toEqual(["lab", "other"]);
  });

  it("trusts what is in the store as far as the project is told to", async () => {
    await using test = await openTestProject();
    const Scan = scans(test);
    await Scan.insertOne({ id: 1, data: bytes("good") });
    const [path = ""] = await test.objects();
    await rm(join(test.folder, "main", path));
    await writeFile(join(test.folder, "main", path), "evil");
    await using trusting = await openProject({
      config: test.config,
      plugins: [fileStore, test.database.plugin, objectCodec],
      rehashBytes: 0,
    });
    const inserting = scans({ project: trusting }).insertOne({ id: 2, data: bytes("good") });
    expect(await inserting).toMatchObject({ uploaded: 0, deduplicated: 1 });
    const wrong = openProject({
      config: test.config,
      plugins: [fileStore, test.database.plugin, objectCodec],
      rehashBytes: Number.NaN,
    });
    await expect(wrong).rejects.toMatchObject({ name: "ConfigError", code: "invalid-config" });
  });

  it("S09: a corrupt object is an error when it is fetched", async () => {
    await using test = await openTestProject();
    const Scan = scans(test);
    await Scan.insertOne({ id: 1, data: bytes("good") });
    const [path = ""] = await test.objects();
    await rm(join(test.folder, "main", path));
    await writeFile(join(test.folder, "main", path), "evil");
    await expect(Scan.fetchOne()).rejects.toMatchObject({ code: "hash-mismatch" });
  });

  it.each([
    ["of the same size", "evil"],
    ["that is truncated", "go"],
  ])("S10: inserting the same bytes again repairs an object %s, and says so", async (_, content) => {
    await using test = await openTestProject();
    const Scan = scans(test);
    await Scan.insertOne({ id: 1, data: bytes("good") });
    const [path = ""] = await test.objects();
    await rm(join(test.folder, "main", path));
    await writeFile(join(test.folder, "main", path), content);
    expect(await Scan.insertOne({ id: 2, data: bytes("good") })).toMatchObject({ uploaded: 1, deduplicated: 0 });
    expect(test.warnings).toContainEqual(expect.objectContaining({ event: "objects.corrupt-replaced" }));
    expect(await readFile(join(test.folder, "main", path), "utf8")).toBe("good");
    expect(await Scan.fetch()).toHaveLength(2);
  });

  it.each(["fetch", "stream"])("a %s that is aborted while it reads rejects with the signal's reason", async (how) => {
    const inner = createMemoryStore();
    const abort = new AbortController();
    const reason = new Error("enough");
    const get: ObjectStore["get"] = (key, options) => {
      if (!key.startsWith("_mortise/")) abort.abort(reason);
      return inner.get(key, options);
    };
    await using test = await openTestProject({ stores: { main: { ...inner, get } } });
    const Scan = scans(test);
    await Scan.insertOne({ id: 1, data: bytes("x") });
    const read =
      how === "fetch" ? Scan.fetch({ signal: abort.signal }) : Array.fromAsync(Scan.stream({ signal: abort.signal }));
    await expect(read).rejects.toBe(reason);
  });

  it("S11: a missing object is an error when it is fetched", async () => {
    await using test = await openTestProject();
    const Scan = scans(test);
    await Scan.insertOne({ id: 1, data: bytes("good") });
    const [path = ""] = await test.objects();
    await rm(join(test.folder, "main", path));
    await expect(Scan.fetchOne()).rejects.toMatchObject({ code: "missing-object" });
  });

  it("S12: a path that exists already is never overwritten", async () => {
    await using test = await openTestProject();
    const store = await test.project.store("main");
    expect(store.capabilities.putModes.has("create")).toBe(true);
    const Scan = scans(test);
    await Scan.insertOne({ id: 1, data: bytes("first") });
    const before = await test.objects();
    await Scan.insertOne({ id: 2, data: bytes("first") });
    expect(await test.objects()).toEqual(before);
  });

  it("S13: four writers of the same 3 MB all succeed", async () => {
    await using test = await openTestProject();
    const content = new Uint8Array(3_000_000).fill(7);
    const Scan = scans(test);
    await Scan.heading();
    const others = await Promise.all([test.again(), test.again(), test.again()]);
    const tables = [
      Scan,
      ...(await Promise.all(others.map((project) => project.schema("lab").table("Scan")))),
    ] as (typeof Scan)[];
    await Promise.all(tables.map((table, id) => table.insertOne({ id, data: content })));
    expect(await test.objects()).toHaveLength(1);
    const rows = await Scan.fetch();
    expect(rows).toHaveLength(4);
    expect(rows.every((row) => (row["data"] as Uint8Array).byteLength === content.byteLength)).toBe(true);
  });

  it("S14: fetching a column of references reads no object", async () => {
    await using test = await openTestProject();
    const Scan = scans(test);
    await Scan.insert([1, 2].map((id) => ({ id, raw: bytes(`scan ${id}`) })));
    for (const path of await test.objects()) await rm(join(test.folder, "main", path));
    const rows = (await Scan.orderBy("id").fetch()) as { raw: ObjectRef }[];
    expect(rows.map((row) => row.raw.size)).toEqual([6, 6]);
    await expect(rows[0]?.raw.read()).rejects.toMatchObject({ code: expect.stringMatching(/missing|not-found/) });
  });

  it("J07: a store that is not configured is accepted in a definition and refused on insert", async () => {
    await using test = await openTestProject();
    const T = test.project.schema("lab").manual("T", "id : int32\n---\nx : <blob@undefinedstore>");
    await T.heading();
    await expect(T.insertOne({ id: 1, x: [1] })).rejects.toMatchObject({ name: "ConfigError", code: "unknown-store" });
    expect(await T.count()).toBe(0);
  });

  it("J10: null for a nullable object is stored and fetched as null", async () => {
    await using test = await openTestProject();
    const Scan = scans(test);
    await Scan.insertOne({ id: 1, raw: null });
    expect(await Scan.fetchOne()).toEqual({ id: 1, raw: null, data: null });
  });

  it("L13: the default store is recorded by its name", async () => {
    await using test = await openTestProject();
    const T = test.project.schema("lab").manual("T", "id : int32\n---\nx : <blob@>");
    await T.insertOne({ id: 1, x: [1, 2] });
    const database = await test.project.schema("lab").kysely();
    const [row] = await database.selectFrom("t").select("x").execute();
    const [path] = await test.objects();
    const metadata: unknown = JSON.parse(String(row?.["x"]));
    expect(metadata).toEqual({
      hash: path?.split("/").at(-1),
      path,
      schema: "lab",
      store: "main",
      size: expect.any(Number),
    });
    expect((await T.fetchOne())["x"]).toEqual([1, 2]);
  });

  it("partitions the path of an object by its store's pattern", async () => {
    await using test = await openTestProject({ raw: { partition_pattern: "subject/day", subfolding: [2] } });
    const lab = test.project.schema("lab");
    const T = lab.manual(
      "T",
      "subject : varchar(8)\nday : date\nn : int8\n---\nscan : <object@raw>\ndata : <hash@raw>",
    );
    await T.insertOne({ subject: "042", day: "2024-01-15", n: 1, scan: bytes("x"), data: bytes("y") });
    const [hashed, scan] = await test.objects("raw");
    expect(hashed).toMatch(/^_hash\/lab\/[a-z2-7]{2}\/[a-z2-7]{26}$/);
    expect(scan).toMatch(/^_schema\/subject=042\/day=2024-01-15\/lab\/T\/n=1\/scan\.[a-z0-9]{8}$/);
  });
});
