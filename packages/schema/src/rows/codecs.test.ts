import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ByteSource, type Codec, type EncodeContext } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { openTestProject } from "../project/testing.ts";

/** A codec of a test: accepts anything, encodes as it is told. */
function codec(
  name: string,
  storage: "json" | "<hash>",
  encode: (value: never, context: EncodeContext) => unknown,
): Codec {
  return {
    kind: "codec",
    apiVersion: 1,
    name,
    origin: import.meta.url,
    storageType: () => storage,
    accept: (value) => value,
    encode: (value, context) => encode(value as never, context),
    decode: (stored) => stored,
    references: () => [],
  };
}

async function* stream(chunks: number, size: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < chunks; index += 1) yield new Uint8Array(size).fill(index);
}

function chunks(...values: unknown[]): ReadableStream {
  return new ReadableStream({ pull: (controller) => controller.enqueue(values.shift()) });
}

/** A stream whose source breaks while it is read. */
function failing(): ReadableStream<Uint8Array> {
  return new ReadableStream({ pull: () => Promise.reject(new Error("the disk is gone")) });
}

describe("codecs on insert", () => {
  it("store streams that can be read only once, and equal ones once", async () => {
    const streams = codec("stream", "<hash>", (source: ByteSource) => source);
    await using test = await openTestProject({ plugins: [streams] });
    const T = test.project.schema("lab").manual("T", "id : int32\n---\ndata : <stream@>");
    const rows = [1, 2].map((id) => ({ id, data: stream(40, 65_536) }));
    expect(await T.insert(rows)).toMatchObject({ uploaded: 1, deduplicated: 1, bytes: 40 * 65_536 });
    expect(await test.objects()).toHaveLength(1);
    const rowsBack = await T.fetch();
    expect(rowsBack.map((row) => (row.data as Uint8Array).byteLength)).toEqual([40 * 65_536, 40 * 65_536]);
  });

  it.each([
    ["a value that the format has no type for", "<blob>", () => 1],
    ["an extension that is none", "<object@>", { source: new Uint8Array(1), extension: "../x" }],
    ["a file that is not there", "<filepath@>", "subject01/x"],
    ["a place that is not the user's", "<filepath@>", "_hash/lab/x"],
    ["chunks that are no bytes", "<object@>", chunks(["no"])],
    ["a source that fails", "<object@>", failing()],
  ])("are told with table, attribute and row for %s", async (_, spec, value) => {
    await using test = await openTestProject();
    const definition: string = `id : int32\n---\nv = null : ${spec}`;
    const T = test.project.schema("lab").manual("T", definition);
    const inserting = T.insert([{ id: 1 }, { id: 2, v: value }]);
    await expect(inserting).rejects.toMatchObject({ message: expect.stringMatching(/^lab\.T\.v, row 1: (?!lab\.T)/) });
    expect(await test.objects()).toEqual([]);
  });

  it("may not plan a path of their own choice", async () => {
    const rogue = codec("rogue", "json", (_, context) => ({
      planned: true,
      reference: { store: context.storeName, section: "hash", path: "_hash/lab/mine", shape: "object" },
      write: async () => ({}),
    }));
    await using test = await openTestProject({ plugins: [rogue] });
    const T = test.project.schema("lab").manual("T", "id : int32\n---\ndata : <rogue@>");
    await expect(T.insertOne({ id: 1, data: 1 })).rejects.toMatchObject({ name: "CodecError", code: "unsupported" });
    expect(await test.objects()).toEqual([]);
  });

  it("see the key, the store and its settings, and the user's files", async () => {
    let seen: unknown;
    const spy = codec("spy", "json", async (value, context) => {
      const files = await context.files();
      seen = {
        site: context.site,
        store: context.storeName,
        protocol: context.settings["protocol"],
        files: files.store,
        resolved: files.resolve("./a//b"),
      };
      return value;
    });
    await using test = await openTestProject({ plugins: [spy] });
    const T = test.project.schema("lab").manual("T", "b : int64\na : varchar(4)\n---\ndata : <spy@raw>");
    await T.insertOne({ a: "x", b: 5, data: { kept: true } });
    expect(seen).toEqual({
      site: { schema: "lab", table: "T", attribute: "data", primaryKey: { b: 5n, a: "x" } },
      store: "raw",
      protocol: "file",
      files: "raw",
      resolved: "a/b",
    });
    expect((await T.fetchOne()).data).toEqual({ kept: true });
  });

  it("write what they planned: an object or files below a prefix, each once", async () => {
    const folder = codec("folder", "json", (value: readonly string[], context) =>
      context.object({
        shape: "prefix",
        extension: "zarr",
        async write(target) {
          for (const name of value) await target.put(name, new TextEncoder().encode(name));
          await target.putBeside(".manifest.json", new TextEncoder().encode("{}"));
          return { path: target.path };
        },
      }),
    );
    await using test = await openTestProject({ plugins: [folder] });
    const T = test.project.schema("lab").manual("T", "id : int32\n---\ndata : <folder@>");
    await T.insertOne({ id: 1, data: ["a/b", "c"] });
    const paths = await test.objects();
    expect(paths.map((path) => path.replace(/\.[a-z0-9]{8}\.zarr/, ".T.zarr"))).toEqual([
      "_schema/lab/T/id=1/data.T.zarr.manifest.json",
      "_schema/lab/T/id=1/data.T.zarr/a/b",
      "_schema/lab/T/id=1/data.T.zarr/c",
    ]);
    await expect(T.insertOne({ id: 2, data: ["x", "x"] })).rejects.toMatchObject({ code: "invalid-path" });
    await expect(T.insertOne({ id: 3, data: ["../x"] })).rejects.toMatchObject({ code: "invalid-key" });
    await expect(T.insertOne({ id: 4, data: [""] })).rejects.toMatchObject({ code: "invalid-path" });
    expect(await test.objects()).toEqual(paths);
  });

  it("refuse an extension that could leave the folder before anything is written", async () => {
    const evil = codec("evil", "json", (extension: string, context) =>
      context.object({ shape: "object", extension, write: async () => ({}) }),
    );
    await using test = await openTestProject({ plugins: [evil] });
    const T = test.project.schema("lab").manual("T", "id : int32\n---\ndata : <evil@>");
    await expect(T.insertOne({ id: 1, data: "/../../x" })).rejects.toMatchObject({ code: "invalid-extension" });
  });

  it("refuse a source file that does not exist, in any row, before anything is written", async () => {
    await using test = await openTestProject();
    const missing = join(await mkdtemp(join(tmpdir(), "mortise-missing-")), "none.bin");
    const T = test.project.schema("lab").manual("T", "id : int32\n---\nraw : <object@>");
    const rows = [
      { id: 1, raw: Uint8Array.of(1) },
      { id: 2, raw: missing },
    ];
    await expect(T.insert(rows)).rejects.toMatchObject({ name: "ValueError", site: { row: 1, attribute: "raw" } });
    expect(await test.objects()).toEqual([]);
    await rm(join(missing, ".."), { recursive: true });
  });

  it("take values of an attribute whose codec is unknown from nobody, and give the others", async () => {
    const gone = codec("gone", "json", (value) => value);
    await using test = await openTestProject({ plugins: [gone] });
    const T = test.project.schema("lab").manual("T", "id : int32\n---\ndata = null : <gone@>");
    await T.insertOne({ id: 1, data: { a: 1 } });
    const other = await (await test.again({}, {})).schema("lab").table("T");
    await other.insertOne({ id: 2 });
    await expect(other.insertOne({ id: 3, data: 1 })).rejects.toMatchObject({ code: "unknown-codec" });
    expect(await other.proj().orderBy("id").fetch()).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it("refuse a store whose folder is gone, and the row with it", async () => {
    await using test = await openTestProject();
    const T = test.project.schema("lab").manual("T", "id : int32\n---\ndata : <hash@raw>");
    await rm(join(test.folder, "raw"), { recursive: true });
    await expect(T.insertOne({ id: 1, data: Uint8Array.of(1) })).rejects.toMatchObject({ name: "StoreError" });
    expect(await T.count()).toBe(0);
  });
});
