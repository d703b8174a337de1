import { describe, expect, it } from "vitest";
import { digest } from "./fixtures/neutral.ts";
import { loadVectors } from "./fixtures/vectors.ts";
import { pack } from "./pack.ts";
import { unpack } from "./unpack.ts";

const { entries } = loadVectors();

describe("compression", () => {
  // Releases before 0.12 compressed short payloads as well.
  const compressed = entries.filter((entry) => entry.origin === "pack" && entry.compressed && entry.group !== "legacy");

  it.each(compressed)("canonical: $file has the bytes that Python wrote", ({ data, md5 }) => {
    const value = unpack(data, { mapping: "exact" });
    expect(digest(pack(value, { mapping: "exact", compression: "canonical" }))).toBe(md5);
  });

  it.each(entries.filter((entry) => entry.group === "compression" && !entry.compressed))(
    "canonical: $file stays as it is, like Python's",
    ({ data }) => {
      expect(pack(unpack(data, { mapping: "exact" }), { mapping: "exact", compression: "canonical" })).toEqual(data);
    },
  );

  it("fast: shrinks what shrinks and leaves noise alone", () => {
    const noise = crypto.getRandomValues(new Uint8Array(50_000));
    expect(pack(new Float64Array(5000)).length).toBeLessThan(1000);
    expect(pack(noise).length).toBe(50_000 + 13);
    expect(unpack(pack(noise))).toEqual(noise);
  });

  it("fast: finds repeated noise in a large value", () => {
    const noise = crypto.getRandomValues(new Uint8Array(700));
    const repeated = Uint8Array.from({ length: 2 ** 21 }, (_, i) => noise[i % 700] as number);
    expect(pack(repeated).length).toBeLessThan(2 ** 18);
  });

  it("none: stores the payload", () => {
    expect(pack(new Uint8Array(5000), { compression: "none" }).length).toBe(5013);
  });
});

describe("options of reading and writing", () => {
  it("sortSets gives equal sets equal bytes", () => {
    const options = { sortSets: true };
    expect(pack(new Set([3, 1, "a"]), options)).toEqual(pack(new Set(["a", 1, 3]), options));
    expect(pack(new Set([3, 1]))).not.toEqual(pack(new Set([1, 3])));
  });

  it("sparse writes MATLAB's sparse matrices as MATLAB does", () => {
    const all = entries.filter((entry) => entry.value.t === "sparse");
    expect(all.length).toBe(4);
    for (const { data, payload_md5 } of all) {
      expect(digest(pack(unpack(data), { sparse: true, compression: "none" }))).toBe(payload_md5);
    }
  });

  it("takes limits for what a blob may claim", () => {
    const deep = pack([[[1]]]);
    expect(() => unpack(deep, { limits: { maxDepth: 2 } })).toThrow("value[0][0][0]: nested more than 2 levels deep");
    expect(() => unpack(pack([1, 2, 3]), { limits: { maxElements: 2 } })).toThrow("value[2]: more than 2 values");
    expect(() => unpack(pack(new Uint8Array(100)), { limits: { maxPayload: 99 } })).toThrow("above the limit of 99");
  });

  it.each([null, "mYm", 5, []])("refuses to read %j, which is no bytes", (blob) => {
    expect(() => unpack(blob as never)).toThrow("value: a blob is bytes, got");
  });

  it("reads a Buffer and an ArrayBuffer, and owns what it returns", () => {
    const blob = pack({ a: new Uint8Array([1, 2]), b: new Float32Array([1]) }, { compression: "none" });
    const buffer = Buffer.from(blob);
    const value = unpack(buffer) as { a: Uint8Array; b: Float32Array };
    buffer.fill(0);
    expect(value).toEqual({ a: new Uint8Array([1, 2]), b: new Float32Array([1]) });
    expect(value.a.buffer.byteLength).toBe(2);
    expect(unpack(blob.buffer as ArrayBuffer)).toEqual(value);
  });
});
