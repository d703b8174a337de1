import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CodecBench, createCodecBench } from "@mortise/codec-testkit";
import { parseKey } from "@mortise/core";
import { ObjectRef } from "@mortise/object-ref";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { objectCodec } from "./codec.ts";

let place: string;
let bench: CodecBench;

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), "mortise-ref-"));
  bench = createCodecBench({ codecs: [objectCodec] });
});
afterEach(() => rm(place, { recursive: true, force: true }));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (content: Uint8Array): string => new TextDecoder().decode(content);

async function fileRef(content = "abcdef", extension = "csv"): Promise<ObjectRef> {
  return (await bench.roundTrip("<object@main>", [extension, bytes(content)])) as ObjectRef;
}

/** `.zarray` (1 byte), `f1` (2 bytes), `sub/f2` (3 bytes). */
async function folderRef(): Promise<ObjectRef> {
  const source = join(place, "source");
  await mkdir(join(source, "sub"), { recursive: true });
  await mkdir(join(source, "empty"));
  await writeFile(join(source, ".zarray"), "z");
  await writeFile(join(source, "f1"), "11");
  await writeFile(join(source, "sub", "f2"), "222");
  return (await bench.roundTrip("<object@main>", source)) as ObjectRef;
}

describe("a reference to a file", () => {
  it("O01: reads the bytes, whole, by range and as a stream", async () => {
    const ref = await fileRef();
    expect(text(await ref.read())).toBe("abcdef");
    expect(text(await ref.read(undefined, { range: { offset: 2, length: 3 } }))).toBe("cde");
    expect((await ref.ranges([{ offset: 0, length: 1 }, { suffix: 2 }])).map(text)).toEqual(["a", "ef"]);
    expect(await new Response((await ref.stream()) as never).text()).toBe("abcdef");
  });

  it("O03: refuses the operations of a folder", async () => {
    const ref = await fileRef();
    const unsupported = { code: "unsupported" };
    await expect(ref.list()).rejects.toMatchObject(unsupported);
    await expect(ref.walk().next()).rejects.toMatchObject(unsupported);
    await expect(ref.read("x")).rejects.toMatchObject(unsupported);
  });

  it("O09: reports one missing object, whatever is asked of it", async () => {
    const ref = await fileRef();
    await bench.store.delete(parseKey(ref.path));
    const missing = { code: "missing-object" };
    await expect(ref.read()).rejects.toMatchObject(missing);
    await expect(ref.stream()).rejects.toMatchObject(missing);
    await expect(ref.download(place)).rejects.toMatchObject(missing);
    expect(await ref.exists()).toBe(false);
    expect(await readdir(place)).toEqual([]);
  });

  it("O10: downloads into a folder under its own name", async () => {
    const ref = await fileRef();
    const path = await ref.download(place);
    expect(path).toBe(join(place, ref.path.split("/").at(-1) ?? ""));
    expect(path).toMatch(/raw\.[a-z0-9]{8}\.csv$/);
    expect(await readFile(path, "utf8")).toBe("abcdef");
    expect(await ref.download(place, { name: "clean.csv" })).toBe(join(place, "clean.csv"));
  });

  it("O11, O12: never replaces a different file unless asked to, on any store", async () => {
    const ref = await fileRef();
    const target = join(place, "there.csv");
    await writeFile(target, "other");
    await expect(ref.download(target)).rejects.toMatchObject({ code: "destination-exists" });
    expect(await readFile(target, "utf8")).toBe("other");
    await ref.download(target, { overwrite: true });
    expect(await readFile(target, "utf8")).toBe("abcdef");
    expect(await ref.download(target)).toBe(target);
    expect(await readdir(place)).toEqual(["there.csv"]);
  });

  it("O15: finds a size that differs", async () => {
    const ref = await fileRef();
    await bench.store.put(parseKey(ref.path), bytes("shorter"));
    await expect(ref.verify()).rejects.toThrow(/Size mismatch/);
  });

  it("O16: finds an object that is gone", async () => {
    const ref = await fileRef();
    await bench.store.delete(parseKey(ref.path));
    await expect(ref.verify()).rejects.toThrow(/does not exist/);
  });

  it("verifies content where a hash was recorded", async () => {
    const key = parseKey("_schema/lab/x");
    await bench.store.put(key, bytes("hello world"));
    const stored = { path: key, store: "main", size: 11, hash: "l23dxo7ad3xnbe6lek5y6wwnym" };
    await expect(((await bench.decode("<object@main>", stored)) as ObjectRef).verify()).resolves.toMatchObject({
      status: "verified",
    });
    await bench.store.put(key, bytes("hello WORLD"));
    await expect(((await bench.decode("<object@main>", stored)) as ObjectRef).verify()).rejects.toThrow(
      /Hash mismatch/,
    );
  });

  it("O23: says that a reference made without a store can't be read", async () => {
    await expect(ObjectRef.fromJSON({ path: "p" }).read()).rejects.toThrow(/no storage backend/);
  });

  it("shows path, size and URL without reading", async () => {
    const ref = await fileRef();
    expect(String(ref)).toBe(ref.path);
    expect(await ref.url()).toMatch(new RegExp(`^memory:.*/${ref.path}$`));
    expect(JSON.parse(JSON.stringify(ref))).toMatchObject({ path: ref.path, size: 6, ext: ".csv", is_dir: false });
  });
});

describe("a reference to a folder", () => {
  it("O02: refuses to be read as one file", async () => {
    await expect((await folderRef()).read()).rejects.toThrow(/Cannot read/);
  });

  it("O04: reads one of its files", async () => {
    const ref = await folderRef();
    expect(text(await ref.read("f1"))).toBe("11");
    expect(text(await ref.read("sub/f2"))).toBe("222");
  });

  it.each(["../../x", "sub/../../x", "/etc/passwd", "./f1"])("O05: refuses to leave itself by %j", async (subpath) => {
    await expect((await folderRef()).read(subpath)).rejects.toMatchObject({ code: "invalid-key" });
  });

  it("refuses to pass a folder off as whole that lost a file", async () => {
    const ref = await folderRef();
    await bench.store.delete(parseKey(`${ref.path}/sub/f2`));
    await expect(ref.download(join(place, "part"))).rejects.toMatchObject({
      code: "missing-object",
      message: expect.stringContaining("lacks 1 of its files (sub/f2)") as unknown,
    });
    await bench.store.put(parseKey(`${ref.path}/sub/f2`), bytes("222"));
    await bench.store.put(parseKey(`${ref.path}/added`), bytes("4"));
    await ref.download(join(place, "whole"));
    expect((await readdir(join(place, "whole"))).toSorted()).toEqual([".zarray", "added", "f1", "sub"]);
  });

  it("says that a folder is gone, with its manifest or without", async () => {
    const ref = await folderRef();
    for (const name of [".zarray", "f1", "sub/f2"]) await bench.store.delete(parseKey(`${ref.path}/${name}`));
    const gone = { code: "missing-object", message: expect.stringContaining("has no files") as unknown };
    await expect(ref.download(join(place, "gone"))).rejects.toMatchObject(gone);
    await bench.store.delete(parseKey(`${ref.path}.manifest.json`));
    await expect(ref.download(join(place, "gone"))).rejects.toMatchObject(gone);
  });

  it("downloads a folder that was empty from the start", async () => {
    await mkdir(join(place, "empty"));
    const ref = (await bench.roundTrip("<object@main>", join(place, "empty"))) as ObjectRef;
    await ref.download(join(place, "copy"));
    expect(await readdir(join(place, "copy"))).toEqual([]);
  });

  it("O06: lists the names of a level", async () => {
    const ref = await folderRef();
    expect([...(await ref.list())].sort()).toEqual([".zarray", "f1", "sub"]);
    expect(await ref.list("sub")).toEqual(["f2"]);
  });

  it("O07: walks top-down from the root", async () => {
    const entries = await Array.fromAsync((await folderRef()).walk());
    expect(entries).toEqual([
      { directory: "", directories: ["sub"], files: [".zarray", "f1"] },
      { directory: "sub", directories: [], files: ["f2"] },
    ]);
  });

  it("O08: has the keys that a Zarr reader asks for", async () => {
    const files = await Array.fromAsync((await folderRef()).files());
    expect(files).toEqual([
      { path: ".zarray", size: 1 },
      { path: "f1", size: 2 },
      { path: "sub/f2", size: 3 },
    ]);
  });

  it("O13: downloads its files directly into the destination", async () => {
    const ref = await folderRef();
    const target = join(place, "d");
    expect(await ref.download(target)).toBe(target);
    expect((await readdir(target, { recursive: true })).sort()).toEqual([".zarray", "f1", "sub", "sub/f2"]);
  });

  it("O14: downloads one file into a folder", async () => {
    const ref = await folderRef();
    const target = join(place, "one");
    await mkdir(target);
    expect(await ref.download(target, { subpath: "sub/f2" })).toBe(join(target, "f2"));
  });

  it("O17: names every file that is missing or has another size", async () => {
    const ref = await folderRef();
    await bench.store.delete(parseKey(`${ref.path}/f1`));
    await bench.store.put(parseKey(`${ref.path}/sub/f2`), bytes("22"));
    await expect(ref.verify()).rejects.toThrow(/f1 does not exist; Size mismatch for sub\/f2/);
  });

  it("O18: verifies with a file too many, and names it", async () => {
    const ref = await folderRef();
    await bench.store.put(parseKey(`${ref.path}/more`), bytes("x"));
    expect(await ref.verify()).toEqual({ status: "verified", files: 3, bytes: 6, extra: ["more"] });
  });

  it("O19: answers unverified where there is no manifest", async () => {
    const ref = await folderRef();
    await bench.store.delete(parseKey(`${ref.path}.manifest.json`));
    expect(await ref.verify()).toMatchObject({ status: "unverified" });
  });

  it("finds changed content of the same size by the manifest's hashes", async () => {
    const ref = await folderRef();
    await bench.store.put(parseKey(`${ref.path}/f1`), bytes("xx"));
    await expect(ref.verify()).rejects.toThrow(/Hash mismatch for f1/);
  });

  it("does not show its neighbours whose names begin alike", async () => {
    const ref = await folderRef();
    await bench.store.put(parseKey(`${ref.path}2/foreign`), bytes("x"));
    expect((await Array.fromAsync(ref.files())).map((file) => file.path)).not.toContain("foreign");
  });
});
