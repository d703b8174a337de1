import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type CodecBench, createCodecBench } from "@mortise/codec-testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { attachCodec, attachInMemoryCodec } from "./codec.ts";

let folder: string;
let downloads: string;
let bench: CodecBench;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mortise-attach-"));
  downloads = join(folder, "dl");
  bench = createCodecBench({ codecs: [attachCodec], downloadPath: downloads });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function source(name: string, content: string): Promise<string> {
  const place = await mkdtemp(join(folder, "src-"));
  await writeFile(join(place, name), content);
  return join(place, name);
}

const payload = (name: string | Uint8Array, content: string): Uint8Array =>
  Buffer.concat([typeof name === "string" ? Buffer.from(name) : name, Buffer.of(0), Buffer.from(content)]);

async function deliver(name: string, content: string): Promise<string> {
  const path = await bench.decode("<attach>", payload(name, content));
  return String(path).slice(folder.length + 1);
}

describe("inserting attachments", () => {
  it("K03: refuses bytes and asks for a file path", async () => {
    await expect(bench.encode("<attach>", new Uint8Array(3))).rejects.toThrow(/expects a file path/);
  });

  it("K04: refuses a file that does not exist", async () => {
    await expect(bench.encode("<attach>", join(folder, "none.txt"))).rejects.toMatchObject({
      code: "source-not-found",
    });
  });

  it("K05: refuses a folder", async () => {
    await expect(bench.encode("<attach>", folder)).rejects.toMatchObject({ code: "source-is-folder" });
  });

  it("K06: accepts the file: URL of an existing file", async () => {
    const url = pathToFileURL(await source("f.txt", "x"));
    for (const value of [url, url.href]) {
      const stored = (await bench.encode("<attach>", value)) as Uint8Array;
      expect(Buffer.compare(stored, payload("f.txt", "x"))).toBe(0);
    }
  });

  it("L02: stores name and content under the hash of both", async () => {
    const stored = await bench.encode("<attach@main>", await source("x.tar.gz", "tgz"));
    expect(stored).toMatchObject({ hash: "agdpwmpal2k375luzfisfvfnkm", size: 12, store: "main" });
  });

  it("L03: keeps the same payload in the column without a store", async () => {
    const stored = await bench.encode("<attach>", await source("x.tar.gz", "tgz"));
    expect(Buffer.from(stored as Uint8Array).toString("latin1")).toBe("x.tar.gz\u0000tgz");
  });

  it("streams the same payload again for a second attempt", async () => {
    const path = await source("again.bin", "0123456789");
    const first = await bench.encode("<attach@main>", path);
    expect(await bench.encode("<attach@main>", path)).toEqual(first);
  });
});

describe("fetching attachments", () => {
  it("M01: writes the first file under its own name", async () => {
    expect(await deliver("r.tar.gz", "one")).toBe("dl/r.tar.gz");
    expect(await readFile(join(downloads, "r.tar.gz"), "utf8")).toBe("one");
  });

  it("M02, M03: numbers further files of that name before the last suffix", async () => {
    await deliver("r.tar.gz", "one");
    expect(await deliver("r.tar.gz", "two")).toBe("dl/r.tar_1.gz");
    expect(await deliver("r.tar.gz", "three")).toBe("dl/r.tar_2.gz");
  });

  it("M04, M05: uses a file with the same content as it is", async () => {
    await deliver("r.tar.gz", "one");
    await deliver("r.tar.gz", "two");
    const before = await stat(join(downloads, "r.tar.gz"), { bigint: true });
    expect(await deliver("r.tar.gz", "one")).toBe("dl/r.tar.gz");
    expect(await deliver("r.tar.gz", "two")).toBe("dl/r.tar_1.gz");
    expect((await stat(join(downloads, "r.tar.gz"), { bigint: true })).mtimeNs).toBe(before.mtimeNs);
    expect((await readdir(downloads)).sort()).toEqual(["r.tar.gz", "r.tar_1.gz"]);
  });

  it("M06: numbers names without a dot at their end", async () => {
    expect(await deliver("noext", "one")).toBe("dl/noext");
    expect(await deliver("noext", "two")).toBe("dl/noext_1");
  });

  it.each([
    ["M07", ".hidden"],
    ["M08", "café"],
  ])("%s: keeps the name %s", async (_, name) => {
    expect(await deliver(name, "x")).toBe(`dl/${name}`);
  });

  it.each([
    ["M09", "../esc.txt", "esc.txt"],
    ["M10", "/abs.txt", "abs.txt"],
    ["M10", "C:\\dir\\win.txt", "win.txt"],
  ])("%s: never leaves the folder for the name %s", async (_, name, expected) => {
    expect(await deliver(name, "x")).toBe(`dl/${expected}`);
  });

  it.each([
    ["M11", "no zero byte", Buffer.from("no end")],
    ["M12", "an empty name", Buffer.from([0, 1])],
    ["M12", "the name ..", payload("..", "x")],
    ["M13", "a name that is not UTF-8", payload(Uint8Array.of(0xff, 0xfe), "x")],
  ])("%s: reports %s as a corrupted attachment", async (_, __, bytes) => {
    await expect(bench.decode("<attach>", bytes)).rejects.toThrow(/corrupted attachment/);
  });

  it("M14: reads bytes of whatever buffer class a driver delivers", async () => {
    expect(await bench.decode("<attach>", Buffer.from(payload("a", "b")))).toBe(join(downloads, "a"));
    expect(await bench.decode("<attach>", new Uint8Array(payload("a", "b")))).toBe(join(downloads, "a"));
  });

  it("gives every one of many concurrent readers a whole file, and no name twice to different contents", async () => {
    const contents = Array.from({ length: 12 }, (_, index) => `content ${index % 4}`);
    const paths = await Promise.all(contents.map((content) => deliver("same.txt", content)));
    for (const [index, path] of paths.entries())
      expect(await readFile(join(folder, path), "utf8")).toBe(contents[index]);
    expect((await readdir(downloads)).length).toBeGreaterThanOrEqual(4);
    expect((await readdir(downloads)).every((name) => name.startsWith("same"))).toBe(true);
  });

  it("delivers name and content in memory on request, without touching the disk", async () => {
    const inMemory = createCodecBench({ codecs: [attachInMemoryCodec], downloadPath: downloads });
    const attachment = await inMemory.roundTrip("<attach@main>", await source("a.txt", "abc"));
    expect(attachment).toMatchObject({ name: "a.txt" });
    expect(Buffer.from((attachment as { content: Uint8Array }).content).toString()).toBe("abc");
    await expect(stat(downloads)).rejects.toMatchObject({ code: "ENOENT" });
  });
});
