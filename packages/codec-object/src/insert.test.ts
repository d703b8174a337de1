import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type CodecBench, createCodecBench } from "@mortise/codec-testkit";
import type { ObjectRef } from "@mortise/object-ref";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { objectCodec } from "./codec.ts";

let folder: string;
let bench: CodecBench;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mortise-object-"));
  bench = createCodecBench({ codecs: [objectCodec] });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const insert = (value: unknown): Promise<unknown> => bench.encode("<object@main>", value);

async function file(name: string, content = "content"): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

async function keysInStore(): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const page of bench.store.list()) keys.push(...page.objects.map((info) => info.key));
  return keys;
}

describe("what <object> accepts", () => {
  it("K07: takes bytes as a file without extension", async () => {
    expect(await insert(bytes("abc"))).toMatchObject({ size: 3, ext: null, is_dir: false });
  });

  it("K08: takes every view of bytes", async () => {
    const ref = await bench.roundTrip("<object@main>", new DataView(bytes("abc").buffer, 1));
    expect(await (ref as ObjectRef).read()).toEqual(bytes("bc"));
    expect(await insert(bytes("abc").buffer)).toMatchObject({ size: 3 });
    expect(await insert(new Blob(["abcd"]))).toMatchObject({ size: 4 });
  });

  it.each([[5], [[1, 2]], [["a", bytes("b"), 3]], [{ other: "x" }], [null], [true]])(
    "K08: refuses %j",
    async (value) => {
      await expect(insert(value)).rejects.toMatchObject({ code: "wrong-type" });
      expect(await keysInStore()).toEqual([]);
    },
  );

  it("K09: refuses a path where nothing is", async () => {
    await expect(insert(join(folder, "none"))).rejects.toThrow(/Source path not found/);
  });

  it("K10: takes the extension of a pair and records it with its dot", async () => {
    const stored = (await insert(["txt", bytes("abc")])) as { readonly path: string; readonly ext: string };
    expect(stored.ext).toBe(".txt");
    expect(stored.path).toMatch(/\.txt$/);
  });

  it("K11: takes buffers that can still change", async () => {
    expect(await insert([".b", new Uint8Array(2)])).toMatchObject({ size: 2, ext: ".b" });
  });

  it("K12: refuses text as the bytes of a pair", async () => {
    await expect(insert(["x", "text"])).rejects.toMatchObject({ code: "wrong-type" });
  });

  it("K13: refuses an empty path instead of taking the working directory", async () => {
    await expect(insert("")).rejects.toMatchObject({ code: "invalid-path" });
  });

  it("K14: refuses ready-made metadata", async () => {
    await expect(insert({ path: "x/y" })).rejects.toMatchObject({ code: "wrong-type" });
  });

  it("K15: takes a file: URL", async () => {
    const url = pathToFileURL(await file("x.csv"));
    expect(await insert(url)).toMatchObject({ ext: ".csv", size: 7 });
    expect(await insert(url.href)).toMatchObject({ ext: ".csv", size: 7 });
  });

  it("K16: keeps the last suffix of a file", async () => {
    expect(await insert(await file("x.tar.gz"))).toMatchObject({ ext: ".gz" });
  });

  it("K17: knows no suffix of a name without a dot or of a dot-file", async () => {
    expect(await insert(await file("noext"))).toMatchObject({ ext: null });
    expect(await insert(await file(".hidden"))).toMatchObject({ ext: null });
  });

  it("K18: refuses a folder with a dangling link before anything is written", async () => {
    await mkdir(join(folder, "f"));
    await writeFile(join(folder, "f", "a"), "a");
    await symlink(join(folder, "nowhere"), join(folder, "f", "dangling"));
    await expect(insert(join(folder, "f"))).rejects.toMatchObject({ code: "symlink" });
    expect(await keysInStore()).toEqual([]);
  });

  it("refuses a link that leads out of the folder, and follows one that stays inside", async () => {
    await file("secret");
    await mkdir(join(folder, "f"));
    await writeFile(join(folder, "f", "a"), "a");
    await symlink("a", join(folder, "f", "inside"));
    expect(await insert(join(folder, "f"))).toMatchObject({ item_count: 2, size: 2 });
    await symlink(join(folder, "secret"), join(folder, "f", "outside"));
    await expect(insert(join(folder, "f"))).rejects.toMatchObject({ code: "symlink" });
  });

  it("takes streams, once", async () => {
    const ref = await bench.roundTrip("<object@main>", new Blob(["abc"]).stream());
    expect(await (ref as ObjectRef).read()).toEqual(bytes("abc"));
    async function* parts(): AsyncGenerator<Uint8Array> {
      yield bytes("ab");
      yield bytes("cd");
    }
    expect(await insert({ source: parts(), extension: "dat" })).toMatchObject({ size: 4, ext: ".dat" });
  });

  it("copies the object of a fetched reference", async () => {
    const ref = await bench.roundTrip("<object@main>", ["txt", bytes("abc")]);
    const stored = (await insert(ref)) as { readonly path: string };
    expect(stored).toMatchObject({ size: 3, ext: ".txt" });
    expect(stored.path).not.toBe((ref as ObjectRef).path);
  });

  it("refuses other URLs without showing what stands in them", async () => {
    await expect(insert("https://example.org/x?secret=canary")).rejects.toThrow(/^(?!.*canary).*https/);
  });

  it("refuses a file that changed its size after it was looked at, and leaves nothing", async () => {
    const path = await file("large.bin", "x".repeat(600_000));
    const chain = bench.chain("<object@main>");
    const accepted = await chain.codecs[0]?.accept(path, bench.site);
    await truncate(path, 10);
    const shrunk = createCodecBench({
      codecs: [{ ...objectCodec, accept: () => accepted }],
      store: bench.store,
    });
    await expect(shrunk.encode("<object@main>", path)).rejects.toThrow(/600000|600 000/);
    expect(await keysInStore()).toEqual([]);
  });

  it("requires a store", () => {
    expect(() => bench.chain("<object>")).toThrow(/requires @/);
  });
});

describe("what <object> stores", () => {
  it("L05: exactly Python's keys for a file", async () => {
    const stored = (await insert(bytes("abc"))) as object;
    expect(Object.keys(stored).sort()).toEqual(["ext", "is_dir", "item_count", "path", "size", "store", "timestamp"]);
    expect(stored).toMatchObject({ size: 3, ext: null, is_dir: false, item_count: null, store: "main" });
  });

  it("L06: a folder with its manifest beside it", async () => {
    await mkdir(join(folder, "f", "empty"), { recursive: true });
    await mkdir(join(folder, "f", "sub"));
    await writeFile(join(folder, "f", "f1"), "1");
    await writeFile(join(folder, "f", "sub", "f2"), "22");
    const stored = (await insert(join(folder, "f"))) as { readonly path: string };
    expect(stored).toMatchObject({ size: 3, ext: null, is_dir: true, item_count: 2 });
    expect(await keysInStore()).toEqual([`${stored.path}.manifest.json`, `${stored.path}/f1`, `${stored.path}/sub/f2`]);
    const result = await bench.store.get(`${stored.path}.manifest.json` as never);
    const manifest = JSON.parse(new TextDecoder().decode(await result.bytes())) as object;
    expect(manifest).toMatchObject({
      total_size: 3,
      item_count: 2,
      files: [
        { path: "f1", size: 1 },
        { path: "sub/f2", size: 2 },
      ],
    });
  });

  it("keeps the suffix of a Zarr folder and of no other folder", async () => {
    for (const name of ["scan.zarr", "other.dir"]) {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, "x"), "x");
    }
    expect(await insert(join(folder, "scan.zarr"))).toMatchObject({ ext: ".zarr" });
    expect(await insert(join(folder, "other.dir"))).toMatchObject({ ext: null });
  });

  it("refers to the object, or to all below the prefix", async () => {
    const reference = await bench.plan("<object@main>", bytes("abc"));
    expect(reference).toMatchObject({ store: "main", section: "schema", shape: "object" });
    expect(await keysInStore()).toEqual([]);
    expect(objectCodec.references({ path: "p", is_dir: true, store: "x" } as never)).toEqual([
      { store: "x", section: "schema", path: "p", shape: "prefix" },
    ]);
  });
});
