import { describe, expect, it } from "vitest";
import { createRegistry } from "../registry/registry.ts";
import type { Codec, DecodeContext, EncodeContext, StorageType } from "./contract.ts";
import { hashCodec } from "./hash-codec.ts";
import { resolveCodecChain } from "./resolve.ts";
import { acceptValue, chainReferences, decodeChain, encodeChain, isPlanned } from "./run.ts";
import { formatCodecSpec, parseCodecSpec, requireStore } from "./spec.ts";

type Mode = { readonly external: boolean };

/** A codec that writes its name around the value, so that a test sees the order. */
function codec(name: string, storageType: (mode: Mode) => StorageType, more: Partial<Codec> = {}): Codec {
  return {
    kind: "codec",
    apiVersion: 1,
    name,
    origin: `file:///test/${name}.ts`,
    storageType,
    accept: (value) => value,
    encode: (value) => `${name}(${String(value)})`,
    decode: (stored) => `${name}⁻¹(${String(stored)})`,
    references: () => [],
    ...more,
  };
}

const external = (name: string): Codec =>
  codec(name, (mode) => {
    requireStore(name, mode);
    return "json";
  });
const chained = (mode: Mode): StorageType => (mode.external ? "<hash>" : "bytes");
const registry = createRegistry([
  codec("blob", chained),
  codec("attach", chained),
  ...["object", "npy", "filepath"].map(external),
  codec("a", () => "<b>"),
  codec("b", () => "<a>"),
  codec("graph", () => "<blob@>"),
  codec("inner", () => "<blob>"),
  codec("archive", () => "<blob@cold>"),
]);
const resolve = (spec: string) => {
  const { storage, codecs, store } = resolveCodecChain(spec, (name) => registry.codec(name));
  return [storage, codecs.map((link) => link.name), store];
};

describe("parseCodecSpec", () => {
  it.each([
    ["I01", "<blob>", "blob", undefined],
    ["I02", "<blob@>", "blob", ""],
    ["I03", "<blob@cold>", "blob", "cold"],
    ["I04", "< blob @ st >", "blob", "st"],
  ])("%s: reads %s", (_id, text, name, store) => {
    expect(parseCodecSpec(text)).toEqual({ name, store });
  });

  it("I05: refuses the store name a@b, but for a table that exists", () => {
    expect(() => parseCodecSpec("<npy@a@b>")).toThrow('the store "a@b"');
    expect(parseCodecSpec("<npy@a@b>", { lenient: true })).toEqual({ name: "npy", store: "a@b" });
  });

  it.each(["<>", "<@x>", "", " < > "])("refuses %j, which names no codec", (text) => {
    expect(() => parseCodecSpec(text)).toThrow("names no codec");
  });

  it.each(["a:b", "a.b", "1a", "a b"])("refuses the store name %j", (store) => {
    expect(() => parseCodecSpec(`<blob@${store}>`)).toThrow("store");
  });

  it.each(["<blob>", "<blob@>", "<blob@cold>"])("writes %s back", (text) => {
    expect(formatCodecSpec(parseCodecSpec(text))).toBe(text);
  });
});

describe("resolveCodecChain", () => {
  it.each([
    ["I01", "<blob>", ["bytes", ["blob"], undefined]],
    ["I02", "<blob@>", ["json", ["blob", "hash"], ""]],
    ["I03", "<blob@cold>", ["json", ["blob", "hash"], "cold"]],
    ["I04", "< blob @ st >", ["json", ["blob", "hash"], "st"]],
    ["I06", "<attach@x>", ["json", ["attach", "hash"], "x"]],
    ["I07", "<object@x>", ["json", ["object"], "x"]],
    ["I07", "<npy@x>", ["json", ["npy"], "x"]],
    ["I07", "<filepath@x>", ["json", ["filepath"], "x"]],
    ["I07", "<hash@x>", ["json", ["hash"], "x"]],
    ["I13", "bytes", ["bytes", [], undefined]],
    ["I15", "<graph@cold>", ["json", ["graph", "blob", "hash"], "cold"]],
    ["I16", "<inner@cold>", ["json", ["inner", "blob", "hash"], "cold"]],
  ])("%s: resolves %s", (_id, spec, expected) => {
    expect(resolve(spec)).toEqual(expected);
  });

  it.each([
    ["<inner>", ["bytes", ["inner", "blob"], undefined]],
    ["<inner@>", ["json", ["inner", "blob", "hash"], ""]],
    ["<graph>", ["json", ["graph", "blob", "hash"], ""]],
    ["<archive@main>", ["json", ["archive", "blob", "hash"], "cold"]],
    ["t@s", ["t", [], "s"]],
  ])("resolves %s", (spec, expected) => {
    expect(resolve(spec)).toEqual(expected);
  });

  it.each([
    ["I08", "<object>"],
    ["I08", "<npy>"],
    ["I09", "<hash>"],
    ["I10", "<filepath>"],
  ])("%s: refuses %s, which requires @", (_id, spec) => {
    expect(() => resolve(spec)).toThrow(`${spec} requires @`);
  });

  it("I11: refuses <nope>", () => {
    expect(() => resolve("<nope>")).toThrow("Unknown codec: <nope>");
  });

  it("I12: refuses <Blob@a>, names being case-sensitive", () => {
    expect(() => resolve("<Blob@a>")).toThrow("is not registered");
  });

  it("I14: refuses codecs that lead to each other", () => {
    expect(() => resolve("<a@x>")).toThrow("Circular codec reference in <a@x>: <a> → <b> → <a>");
  });
});

describe("running a chain", () => {
  const decodeContext = {} as DecodeContext;
  const plan = { planned: true, reference: {}, write: async () => ({}) };
  const encodeContext = { hash: async (source: unknown) => ({ ...plan, source }) } as unknown as EncodeContext;
  const site = { schema: "lab", table: "T", attribute: "x", primaryKey: {} };
  const sync = (more: Partial<Codec> = {}) => {
    const links = [codec("outer", () => "<middle>"), codec("middle", () => "bytes", more)];
    return resolveCodecChain("<outer>", (name) => links.find((link) => link.name === name) ?? hashCodec);
  };

  it("encodes from outside in and decodes back, without a promise where no codec makes one", () => {
    expect(encodeChain(sync(), 1, encodeContext)).toBe("middle(outer(1))");
    expect(decodeChain(sync(), "x", decodeContext)).toBe("outer⁻¹(middle⁻¹(x))");
  });

  it("waits where a codec does", async () => {
    const chain = sync({
      encode: async (value) => `later(${String(value)})`,
      decode: async (stored) => `later(${String(stored)})`,
    });
    expect(await encodeChain(chain, 1, encodeContext)).toBe("later(outer(1))");
    expect(await decodeChain(chain, "x", decodeContext)).toBe("outer⁻¹(later(x))");
  });

  it("ends with the plan of the innermost codec", async () => {
    const chain = resolveCodecChain("<blob@>", (name) => registry.codec(name));
    const encoded = await encodeChain(chain, 1, encodeContext);
    expect(isPlanned(encoded)).toBe(true);
    expect(encoded).toMatchObject({ source: "blob(1)" });
  });

  it("refuses a plan with codecs behind it", async () => {
    const links = [codec("outer", () => "<middle>", { encode: () => plan }), codec("middle", () => "json")];
    const chain = resolveCodecChain("<outer@>", (name) => links.find((link) => link.name === name) ?? hashCodec);
    expect(() => encodeChain(chain, 1, encodeContext)).toThrow("<outer> of <outer@> planned an object of its own");
  });

  it("asks the outermost codec alone whether it takes a value", () => {
    const refuse = (): never => {
      throw new Error("asked");
    };
    expect(acceptValue(sync({ accept: refuse }), 1, site)).toBe(1);
    const outer = codec("outer", () => "bytes", { accept: refuse });
    expect(() =>
      acceptValue(
        resolveCodecChain("<outer>", () => outer),
        1,
        site,
      ),
    ).toThrow("asked");
  });

  it("takes references from the innermost codec", () => {
    const chain = resolveCodecChain("<blob@>", (name) => registry.codec(name));
    expect(chainReferences(chain, { path: "_hash/lab/x", store: "main" })).toEqual([
      { store: "main", section: "hash", path: "_hash/lab/x", shape: "object" },
    ]);
    expect(
      chainReferences(
        resolveCodecChain("bytes", (name) => registry.codec(name)),
        "x",
      ),
    ).toEqual([]);
  });
});
