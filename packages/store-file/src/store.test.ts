import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseKey } from "@mortise/core";
import { readStoreIdentity } from "@mortise/store-kit";
import { describe, expect, it } from "vitest";
import { fileStore } from "./plugin.ts";
import { openFileStore } from "./store.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

const key = parseKey("a/b");
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const context = { storeName: "main", logger: { debug: () => undefined, warn: () => undefined } };

describe("opening a file store", () => {
  it("B27: refuses a location that does not exist, names it, and creates nothing", async () => {
    await using folder = await temporaryFolder();
    const location = join(folder.path, "missing");
    await expect(openFileStore({ location, storeName: "main" })).rejects.toMatchObject({
      code: "invalid-config",
      store: "main",
      message: expect.stringContaining(location) as string,
      hint: expect.stringContaining("mount") as string,
    });
    expect(existsSync(location)).toBe(false);
  });

  it("B28: takes a file:// URL for the folder it names", async () => {
    await using folder = await temporaryFolder();
    await using store = await fileStore.open({ protocol: "file", location: `file://${folder.path}` }, context);
    await store.put(key, text("x"));
    expect(await readFile(join(folder.path, "a/b"), "utf8")).toBe("x");
    expect(store.baseUrl).toBe(`file://${folder.path}`);
  });

  it.each(["relative/path", "", "s3://bucket/x"])("refuses the location %j", async (location) => {
    await expect(openFileStore({ location })).rejects.toMatchObject({ code: "invalid-config" });
  });

  it("refuses a location that is a file", async () => {
    await using folder = await temporaryFolder();
    const location = join(folder.path, "file");
    await writeFile(location, "x");
    await expect(openFileStore({ location })).rejects.toMatchObject({ code: "invalid-config" });
  });

  it("refuses a durability it does not know", async () => {
    await using folder = await temporaryFolder();
    const spec = { protocol: "file", location: folder.path, durability: "some" };
    await expect(fileStore.open(spec, context)).rejects.toMatchObject({ code: "invalid-config" });
  });

  it("resolves links in the location itself", async () => {
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, "real"));
    await symlink(join(folder.path, "real"), join(folder.path, "link"));
    await using store = await openFileStore({ location: join(folder.path, "link") });
    await store.put(key, text("x"));
    expect(await readFile(join(folder.path, "real/a/b"), "utf8")).toBe("x");
  });

  it("writes nothing until something is written", async () => {
    await using folder = await temporaryFolder();
    await using store = await openFileStore({ location: folder.path });
    await expect(store.get(key)).rejects.toMatchObject({ code: "not-found" });
    for await (const _ of store.list()) expect.unreachable();
    expect(await store.delete(key)).toBe("absent");
    expect(await readdir(folder.path)).toEqual([]);
  });

  it("refuses a store that a newer release wrote", async () => {
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, "_mortise"));
    await writeFile(join(folder.path, "_mortise/store.json"), JSON.stringify({ formatVersion: 2, storeId: "x" }));
    await expect(openFileStore({ location: folder.path })).rejects.toMatchObject({
      code: "invalid-config",
      message: expect.stringContaining("format 2") as string,
    });
  });

  it("gives the store one identity, whoever writes first", async () => {
    await using folder = await temporaryFolder();
    const stores = await Promise.all(Array.from({ length: 4 }, () => openFileStore({ location: folder.path })));
    await Promise.all(stores.map((store, index) => store.put(parseKey(`k${index}`), text("x"))));
    const ids = await Promise.all(stores.map(async (store) => (await readStoreIdentity(store))?.storeId));
    expect(new Set(ids).size).toBe(1);
    await Promise.all(stores.map((store) => store.close()));
  });
});

describe("writing to a file store", () => {
  it("S12: refuses to create what exists, and keeps the first content", async () => {
    await using folder = await temporaryFolder();
    await using store = await openFileStore({ location: folder.path });
    await store.put(key, text("first"), { mode: "create" });
    await expect(store.put(key, text("second"), { mode: "create" })).rejects.toMatchObject({ code: "already-exists" });
    expect(await readFile(join(folder.path, "a/b"), "utf8")).toBe("first");
  });

  it("S13: lets four writers of the same 3 MB all succeed, while readers see nothing or all of it", async () => {
    await using folder = await temporaryFolder();
    const body = new Uint8Array(3_000_000).fill(7);
    const stores = await Promise.all(Array.from({ length: 4 }, () => openFileStore({ location: folder.path })));
    const state = { writing: true };
    const writing = Promise.all(stores.map((store) => store.put(key, body))).finally(() => (state.writing = false));
    while (state.writing) {
      const seen = await readFile(join(folder.path, "a/b")).catch(() => undefined);
      if (seen !== undefined) expect(seen.byteLength).toBe(3_000_000);
    }
    expect((await writing).map((result) => result.size)).toEqual([3_000_000, 3_000_000, 3_000_000, 3_000_000]);
    await Promise.all(stores.map((store) => store.close()));
  });

  it("leaves nothing in the staging folder, whether a write succeeds or fails", async () => {
    await using folder = await temporaryFolder();
    await using store = await openFileStore({ location: folder.path });
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(2_000_000);
      throw await Promise.resolve(new Error("unplugged"));
    }
    await store.put(key, text("1"), { mode: "create" });
    await expect(store.put(key, text("2"), { mode: "create" })).rejects.toThrow();
    await expect(store.put(key, failing())).rejects.toThrow("unplugged");
    await expect(store.put(key, text("3"), { mode: { ifMatch: "x" } })).rejects.toThrow();
    await store.copy(key, parseKey("c"));
    await store.move(parseKey("c"), parseKey("d"), { mode: "create" });
    expect(await readdir(join(folder.path, "_mortise/staging"))).toEqual([]);
  });

  it("removes the folders that a deletion leaves empty, and no other", async () => {
    await using folder = await temporaryFolder();
    await using store = await openFileStore({ location: folder.path });
    await store.put(parseKey("x/y/z/a"), text("1"));
    await store.put(parseKey("x/b"), text("1"));
    await store.delete(parseKey("x/y/z/a"));
    expect(await readdir(join(folder.path, "x"))).toEqual(["b"]);
  });

  it("refuses a key below an object, and one that is the folder of objects", async () => {
    await using folder = await temporaryFolder();
    await using store = await openFileStore({ location: folder.path });
    await store.put(key, text("x"));
    for (const mode of ["overwrite", "create"] as const) {
      await expect(store.put(parseKey("a/b/c"), text("x"), { mode })).rejects.toMatchObject({ code: "invalid-key" });
      await expect(store.put(parseKey("a"), text("x"), { mode })).rejects.toMatchObject({ code: "invalid-key" });
    }
    expect(await readFile(join(folder.path, "a/b"), "utf8")).toBe("x");
  });

  it("writes an object where an empty folder is in the way", async () => {
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, "a/b"), { recursive: true });
    await using store = await openFileStore({ location: folder.path });
    await store.put(key, text("x"));
    expect(await readFile(join(folder.path, "a/b"), "utf8")).toBe("x");
  });

  it("refuses a segment that is too long for a file name before it writes", async () => {
    await using folder = await temporaryFolder();
    await using store = await openFileStore({ location: folder.path });
    const long = parseKey(`a/${"é".repeat(128)}`);
    await expect(store.put(long, text("x"))).rejects.toMatchObject({ code: "invalid-key" });
    await store.put(parseKey(`a/${"é".repeat(127)}`), text("x"));
  });

  it("writes on after somebody has removed its folders", async () => {
    await using folder = await temporaryFolder();
    await using store = await openFileStore({ location: folder.path });
    await store.put(key, text("1"));
    await rm(join(folder.path, "a"), { recursive: true });
    await store.put(key, text("2"));
    await rm(join(folder.path, "_mortise"), { recursive: true });
    await expect(store.put(key, text("3"))).rejects.toMatchObject({ code: "unavailable", retryable: true });
    await store.put(key, text("4"));
    expect(await readFile(join(folder.path, "a/b"), "utf8")).toBe("4");
  });

  it("tries the file system out once, also when writes were refused since", async () => {
    await using folder = await temporaryFolder();
    await using store = await openFileStore({ location: folder.path });
    await store.put(key, text("1"));
    await expect(store.put(key, text("2"), { mode: "create" })).rejects.toMatchObject({ code: "already-exists" });
    // Trying it out would make the staging folder anew, and nobody would notice.
    await rm(join(folder.path, "_mortise"), { recursive: true });
    await expect(store.put(key, text("3"))).rejects.toMatchObject({ code: "unavailable" });
  });

  it("writes without flushing when told so, and says that it is not durable", async () => {
    await using folder = await temporaryFolder();
    await using store = await openFileStore({ location: folder.path, durability: "none" });
    await store.put(key, text("x"));
    expect(store.capabilities.durableOnReturn).toBe(false);
    expect((await stat(join(folder.path, "a/b"))).size).toBe(1);
  });

  it("finishes a move whose source and target a crash has left as one file", async () => {
    await using folder = await temporaryFolder();
    await using store = await openFileStore({ location: folder.path });
    await store.put(key, text("x"));
    const { link } = await import("node:fs/promises");
    await link(join(folder.path, "a/b"), join(folder.path, "a/c"));
    await store.move(key, parseKey("a/c"));
    expect(await readdir(join(folder.path, "a"))).toEqual(["c"]);
  });
});
