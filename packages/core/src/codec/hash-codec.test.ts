import { describe, expect, it } from "vitest";
import { createMapStore } from "../../test/map-store.ts";
import { contentHash } from "../digest/content-hash.ts";
import { parseSections } from "../sections/parse-sections.ts";
import { createReferenceAccess } from "../sections/reference-access.ts";
import type { DecodeContext, EncodeContext, HashMetadata } from "./contract.ts";
import { hashCodec } from "./hash-codec.ts";
import { placeText } from "./place-text.ts";

const site = { schema: "lab", table: "Recording", attribute: "raw", primaryKey: { id: 1 } };
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

function stored(content: Uint8Array, change: object = {}) {
  const hash = contentHash(content);
  const path = `_hash/lab/${hash}`;
  const store = createMapStore();
  store.objects.set(path, content);
  const context: DecodeContext = {
    site,
    storeName: undefined,
    signal: new AbortController().signal,
    downloadPath: ".",
    storeOf: (recorded) => (typeof recorded === "string" && recorded !== "" ? recorded : "main"),
    open: async (reference) => createReferenceAccess(store, parseSections({}), reference),
  };
  const meta = { hash, path, schema: "lab", store: "raw", size: content.length, ...change } as HashMetadata;
  return { store, path, decode: async () => hashCodec.decode(meta, context) };
}

describe("<hash> takes", () => {
  it("K01: bytes and no text", () => {
    expect(() => hashCodec.accept("text", site)).toThrow("expects bytes for raw, got string");
    expect(hashCodec.accept(utf8("abc"), site)).toEqual(utf8("abc"));
  });

  it("K02: mutable byte buffers of every kind", () => {
    const buffer = utf8("xabcx").buffer;
    const accepted = [
      new Uint8Array(buffer, 1, 3),
      Buffer.from("abc"),
      new DataView(buffer, 1, 3),
      buffer.slice(1, 4),
    ].map((value) => new Uint8Array(hashCodec.accept(value, site) as Uint8Array));
    for (const bytes of accepted) expect(bytes).toEqual(utf8("abc"));
    const shared = new SharedArrayBuffer(3);
    new Uint8Array(shared).set(utf8("abc"));
    expect([...(hashCodec.accept(shared, site) as Uint8Array)]).toEqual([...utf8("abc")]);
  });

  it.each([5, null, undefined, [1], { path: "x" }, new Float32Array(2), new Blob([])])("not %o", (value) => {
    expect(() => hashCodec.accept(value, site)).toThrow("expects bytes");
  });
});

describe("<hash> encodes", () => {
  it("by asking the engine for a plan", async () => {
    const hash = async (source: unknown) => ({ planned: true, source });
    const plan = await hashCodec.encode(utf8("abc"), { hash } as unknown as EncodeContext);
    expect(plan).toEqual({ planned: true, source: utf8("abc") });
  });
});

describe("<hash> decodes", () => {
  it.each([0, 1, 1024 * 1024, 1024 * 1024 + 1, 3_000_001])("%i bytes, verified", async (size) => {
    const content = new Uint8Array(size).map((_, index) => index % 251);
    const found = await stored(content).decode();
    expect(found.length).toBe(size);
    expect(contentHash(found)).toBe(contentHash(content));
  });

  it.each([{ store: "" }, { store: null }, { store: undefined }])(
    "the default store of a row with %o",
    async (change) => {
      expect(await stored(utf8("abc"), change).decode()).toEqual(utf8("abc"));
    },
  );

  it.each([3, 2_000_000])("no damaged content of %i bytes", async (size) => {
    const { store, path, decode } = stored(new Uint8Array(size).fill(1));
    store.objects.get(path)?.set([2], 0);
    await expect(decode()).rejects.toMatchObject({
      code: "hash-mismatch",
      message: expect.stringMatching("Hash mismatch"),
    });
  });

  it("no content of another size, which it notices before reading", async () => {
    const { store, path, decode } = stored(utf8("abc"));
    store.objects.set(path, utf8("ab"));
    await expect(decode()).rejects.toMatchObject({ code: "size-mismatch" });
  });

  it.each([
    ["damaged", (objects: Map<string, Uint8Array>, path: string) => objects.set(path, utf8("abX"))],
    ["short", (objects: Map<string, Uint8Array>, path: string) => objects.set(path, utf8("a"))],
    ["missing", (objects: Map<string, Uint8Array>, path: string) => objects.delete(path)],
  ])("no %s content without naming the row", async (_, spoil) => {
    const { store, path, decode } = stored(utf8("abc"));
    spoil(store.objects, path);
    await expect(decode()).rejects.toThrow(placeText(site));
  });

  it("rows of Python without a size", async () => {
    expect(await stored(utf8("abc"), { size: undefined }).decode()).toEqual(utf8("abc"));
  });

  it("names keys of int64 too, and leaves out a key that was not fetched", () => {
    expect(placeText({ ...site, primaryKey: { id: 2n ** 60n } })).toBe(
      'lab.Recording.raw of {"id":"1152921504606846976"}',
    );
    expect(placeText({ ...site, primaryKey: {} })).toBe("lab.Recording.raw");
  });

  it("nothing where the object is missing, and says so", async () => {
    const { store, path, decode } = stored(utf8("abc"));
    store.objects.delete(path);
    await expect(decode()).rejects.toMatchObject({ code: "missing-object", site });
  });

  it("no way out of the store", async () => {
    await expect(stored(utf8("abc"), { path: "../../etc/passwd" }).decode()).rejects.toMatchObject({
      code: "invalid-key",
    });
  });

  it.each([
    [
      "a migrated row with a URL",
      { url: "s3://b/x", size: 3, hash: "9".repeat(32), path: undefined },
      "legacy-metadata",
    ],
    ["a migrated row with a hexadecimal hash", { hash: "900150983cd24fb0d6963f7d28e17f72" }, "legacy-metadata"],
    ["a row without a hash", { hash: undefined }, "corrupt"],
    ["a row without a path", { hash: 5, path: undefined }, "corrupt"],
  ])("%s as %o: %s", async (_what, change, code) => {
    await expect(stored(utf8("abc"), change).decode()).rejects.toMatchObject({ code });
  });
});

describe("<hash> refers to", () => {
  it("the object at its path, in the default store where none is recorded", () => {
    const reference = { section: "hash", path: "_hash/lab/x", shape: "object" };
    const metadata = (value: object): HashMetadata => value as HashMetadata;
    expect(hashCodec.references(metadata({ path: "_hash/lab/x", store: "raw" }))).toEqual([
      { ...reference, store: "raw" },
    ]);
    expect(hashCodec.references(metadata({ path: "_hash/lab/x", store: null }))).toEqual([{ ...reference, store: "" }]);
    expect(() => hashCodec.references(metadata({ url: "x", hash: "1" }))).toThrow("legacy");
    expect(() => hashCodec.references(metadata({}))).toThrow("without a usable");
  });
});
