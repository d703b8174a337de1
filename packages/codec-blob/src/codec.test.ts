import { createHash } from "node:crypto";
import type { CodecSite, CodecTypes, DecodeContext, EncodeContext } from "@mortise/core";
import { CodecError, defaultRegistry, ValueError } from "@mortise/core";
import { describe, expect, expectTypeOf, it } from "vitest";
import { blobCodec, createBlobCodec } from "./codec.ts";
import "./register.ts";

const site: CodecSite = { schema: "lab", table: "Session", attribute: "raw", primaryKey: { id: 1 } };

function encoding(settings: Record<string, unknown> = {}): EncodeContext {
  const unused = (): never => expect.fail("blobs need nothing but their settings");
  const signal = new AbortController().signal;
  return { site, storeName: "raw", signal, settings, hash: unused, object: unused, files: unused };
}

const decoding: DecodeContext = {
  site,
  storeName: "raw",
  signal: new AbortController().signal,
  downloadPath: ".",
  storeOf: () => "raw",
  open: () => expect.fail("blobs open nothing"),
};

const base32 = "abcdefghijklmnopqrstuvwxyz234567";

function contentHash(bytes: Uint8Array): string {
  const bits = [...createHash("md5").update(bytes).digest()].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{1,5}/g) ?? []).map((five) => base32[Number.parseInt(five.padEnd(5, "0"), 2)]).join("");
}

describe("blobCodec", () => {
  it("L04: packs the mapping {x: 1} to the 43 bytes that Python gives", async () => {
    const bytes = await blobCodec.encode({ x: 1 }, encoding());
    expect(bytes).toBeInstanceOf(Uint8Array);
    expect([(bytes as Uint8Array).length, contentHash(bytes as Uint8Array)]).toEqual([
      43,
      "lqaymuo7wkqbxztwt5vkdkasya",
    ]);
  });

  it("stays in the table, or goes through <hash>", () => {
    expect([blobCodec.storageType({ external: false }), blobCodec.storageType({ external: true })]).toEqual([
      "bytes",
      "<hash>",
    ]);
    expect(blobCodec.references(new Uint8Array())).toEqual([]);
  });

  it("answers without a promise: always on decode, on encode for what is small or does not shrink", () => {
    const stored = blobCodec.encode(new Float32Array(900).map(Math.random), encoding()) as Uint8Array;
    expect(stored).toBeInstanceOf(Uint8Array);
    expect(blobCodec.decode(stored, decoding)).toBeInstanceOf(Float32Array);
  });

  it("compresses large values aside", async () => {
    const value = new Float64Array(100_000);
    const pending = blobCodec.encode(value, encoding());
    expect(pending).toBeInstanceOf(Promise);
    const stored = (await pending) as Uint8Array;
    expect(stored.length).toBeLessThan(10_000);
    expect(blobCodec.decode(stored, decoding)).toEqual(value);
  });

  it("takes the compression from its options first, then from the store's blob_compression", async () => {
    const value = new Float64Array(1000);
    const length = async (codec = blobCodec, settings = {}): Promise<number> =>
      ((await codec.encode(value, encoding(settings))) as Uint8Array).length;
    expect(await length(blobCodec, { blob_compression: "none" })).toBe(8029);
    expect(await length(createBlobCodec({ compression: "canonical" }), { blob_compression: "none" })).toBeLessThan(100);
    await expect(length(blobCodec, { blob_compression: "gzip" })).rejects.toThrow("blob_compression must be one of");
  });

  it("names the column and the place inside the value when it refuses one", () => {
    expect(() => blobCodec.encode({ a: [1, undefined] }, encoding())).toThrow("lab.Session.raw: value.a[1]: undefined");
    expect(() => blobCodec.accept(undefined, site)).toThrow(ValueError);
  });

  it("says which column holds what it can't read", () => {
    try {
      blobCodec.decode(new Uint8Array([1, 2, 3]), decoding);
      expect.fail("it was read");
    } catch (error) {
      expect(error).toBeInstanceOf(CodecError);
      expect((error as CodecError).site).toBe(site);
      expect((error as CodecError).message).toContain(
        "lab.Session.raw: value: 3 bytes that don't begin as a blob does",
      );
    }
  });

  it("has the mapping of its options, in both directions", async () => {
    const exact = createBlobCodec({ mapping: "exact" });
    const stored = (await exact.encode(
      new Map<string, unknown>([
        ["a", 3],
        ["b", 3n],
      ]),
      encoding(),
    )) as Uint8Array;
    expect(exact.decode(stored, decoding)).toEqual(
      new Map<string, unknown>([
        ["a", 3],
        ["b", 3n],
      ]),
    );
    expect(() => createBlobCodec({ limits: { maxPayload: -1 } })).toThrow("limits.maxPayload");
  });

  it("is known to every project once registered, by name and by type", () => {
    expect(defaultRegistry().codec("blob")).toBe(blobCodec);
    expectTypeOf<CodecTypes>().toHaveProperty("blob");
  });
});
