import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type CodecBench, type CodecBenchOptions, createCodecBench } from "@mortise/codec-testkit";
import type { ObjectStore } from "@mortise/core";
import type { ObjectRef } from "@mortise/object-ref";
import { openFileStore } from "@mortise/store-file";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { filepathCodec } from "./codec.ts";

let folder: string;
let store: ObjectStore;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "mortise-filepath-")));
  const root = join(folder, "b");
  for (const place of ["raw", "_hash", "_schema/a", "user", "content", "_hashes"])
    await mkdir(join(root, place), { recursive: true });
  for (const file of [
    "onlyb.bin",
    "raw/f.bin",
    "f.bin",
    "_hash/x",
    "_schema/a/b",
    "my_hash_file.dat",
    "_hashes/x",
    "content/x",
  ]) {
    await writeFile(join(root, file), "12345");
  }
  await writeFile(join(root, "user/d.bin"), "12345");
  store = await openFileStore({ location: root });
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const bench = (options: Partial<CodecBenchOptions> = {}): CodecBench =>
  createCodecBench({ codecs: [filepathCodec], store, storeName: "b", ...options });

async function recorded(value: unknown, options: Partial<CodecBenchOptions> = {}): Promise<string> {
  const stored = (await bench(options).encode("<filepath@b>", value)) as { readonly path: string };
  return stored.path;
}

describe("inserting file paths", () => {
  it("N01: records an existing relative path", async () => {
    expect(await recorded("onlyb.bin")).toBe("onlyb.bin");
  });

  it("N02: drops . segments", async () => {
    expect(await recorded("./onlyb.bin")).toBe("onlyb.bin");
    expect(await recorded("raw//./f.bin")).toBe("raw/f.bin");
  });

  it.each([
    ["N03", "x/../onlyb.bin"],
    ["N04", "/onlyb.bin"],
    ["N07", "/etc/passwd"],
    ["N08", "../a"],
    ["N17", ""],
  ])("%s: refuses %j", async (_, value) => {
    await expect(bench().encode("<filepath@b>", value)).rejects.toMatchObject({ name: "ValueError" });
  });

  it("N05: turns an absolute path inside the store into a relative one", async () => {
    expect(await recorded(join(folder, "b", "onlyb.bin"))).toBe("onlyb.bin");
  });

  it("N06: turns a file: URL inside the store into a relative path", async () => {
    expect(await recorded(pathToFileURL(join(folder, "b", "onlyb.bin")))).toBe("onlyb.bin");
    expect(await recorded(pathToFileURL(join(folder, "b", "onlyb.bin")).href)).toBe("onlyb.bin");
  });

  it.each([
    ["N09", "_hash/x"],
    ["N10", "/_hash/x"],
    ["N10", "//_hash/x"],
    ["N11", "_hash"],
    ["N12", "./_hash/x"],
    ["N12", "raw/../_hash/x"],
    ["N13", "_schema/a/b"],
  ])("%s: refuses the reserved section in %j", async (_, value) => {
    await expect(bench().encode("<filepath@b>", value)).rejects.toMatchObject({ name: "ValueError" });
  });

  it("N09: says that the section is reserved", async () => {
    await expect(bench().encode("<filepath@b>", "_hash/x")).rejects.toThrow(/reserved section/);
  });

  it("N14: allows names that only begin like a reserved section", async () => {
    expect(await recorded("my_hash_file.dat")).toBe("my_hash_file.dat");
    expect(await recorded("_hashes/x")).toBe("_hashes/x");
  });

  it("N15: reserves the configured prefixes instead of the default ones", async () => {
    const settings = { hash_prefix: "content" };
    await expect(bench({ settings }).encode("<filepath@b>", "content/x")).rejects.toThrow(/reserved section/);
    expect(await recorded("_hash/x", { settings })).toBe("_hash/x");
  });

  it("N16: refuses a file that does not exist, with what to do", async () => {
    await expect(bench().encode("<filepath@b>", "nope.bin")).rejects.toMatchObject({
      code: "source-not-found",
      hint: expect.stringContaining("create the file first"),
    });
  });

  it("N18: refuses what is no text", async () => {
    await expect(bench().encode("<filepath@b>", 5)).rejects.toMatchObject({ code: "wrong-type" });
  });

  it("N19: accepts paths below filepath_prefix", async () => {
    expect(await recorded("raw/f.bin", { settings: { filepath_prefix: "raw" } })).toBe("raw/f.bin");
  });

  it.each(["f.bin", "rawx/f.bin", "raw"])("N20: refuses %j outside of filepath_prefix", async (value) => {
    const limited = bench({ settings: { filepath_prefix: "raw" } });
    await expect(limited.encode("<filepath@b>", value)).rejects.toThrow(/must use prefix/);
  });

  it("L09: writes exactly Python's keys for a file", async () => {
    const stored = (await bench().encode("<filepath@b>", "user/d.bin")) as object;
    expect(Object.keys(stored)).toEqual(["path", "store", "size", "is_dir", "timestamp"]);
    expect(stored).toMatchObject({ path: "user/d.bin", store: "b", size: 5, is_dir: false });
  });

  it("takes back what was fetched, from the same store only", async () => {
    const ref = await bench().roundTrip("<filepath@b>", "raw/f.bin");
    expect(await recorded(ref)).toBe("raw/f.bin");
    const elsewhere = Object.assign(Object.create(ref as object), { store: "other" });
    await expect(bench().encode("<filepath@b>", elsewhere)).rejects.toMatchObject({ code: "outside-store" });
  });

  it("L10: writes a folder without a size", async () => {
    expect(await bench().encode("<filepath@b>", "user")).toMatchObject({ path: "user", size: null, is_dir: true });
  });

  it("refuses a link that leads out of the store", async () => {
    await writeFile(join(folder, "secret"), "secret");
    await symlink(join(folder, "secret"), join(folder, "b", "link"));
    await expect(bench().encode("<filepath@b>", "link")).rejects.toMatchObject({ name: "StoreError" });
  });

  it("requires a store", () => {
    expect(() => bench().chain("<filepath>")).toThrow(/requires @/);
  });
});

describe("fetching file paths", () => {
  it("gives a reference that reads the file", async () => {
    const ref = (await bench().roundTrip("<filepath@b>", "raw/f.bin")) as ObjectRef;
    expect(String(ref)).toBe("raw/f.bin");
    expect(new TextDecoder().decode(await ref.read())).toBe("12345");
  });

  it.each(["/etc/passwd", "../a", "_hash/x", "./_schema/a/b"])(
    "refuses access to the recorded path %s, not the fetch of its row",
    async (path) => {
      const stored = { path, store: "b", size: 5, is_dir: false, timestamp: "2026-01-02T03:04:05+00:00" };
      const ref = (await bench().decode("<filepath@b>", stored)) as ObjectRef;
      expect(ref.path).toBe(path);
      await expect(ref.read()).rejects.toMatchObject({ code: expect.stringMatching(/invalid-key|reserved-path/) });
    },
  );
});
