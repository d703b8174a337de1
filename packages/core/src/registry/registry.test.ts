import { describe, expect, it } from "vitest";
import type { Codec } from "../codec/contract.ts";
import { hashCodec } from "../codec/hash-codec.ts";
import { isMortiseError, type MortiseError } from "../errors.ts";
import type { DatabasePluginBase, Plugin, StorePlugin } from "../plugin/contract.ts";
import { defaultRegistry, registerPlugin } from "./default-registry.ts";
import { packageOf } from "./known-packages.ts";
import { codecNames, createRegistry } from "./registry.ts";

const codec = (name: string, origin = `file:///app/${name}.ts`): Codec => ({ ...(hashCodec as Codec), name, origin });
const store = (...protocols: readonly string[]): StorePlugin => ({
  kind: "store",
  apiVersion: 1,
  name: protocols[0] ?? "",
  origin: `file:///app/node_modules/@x/store-${protocols[0]}/dist/index.js`,
  protocols,
  urlSchemes: [],
  keys: [],
  open: () => Promise.reject(new Error("not opened here")),
});
const database: DatabasePluginBase = {
  kind: "database",
  apiVersion: 1,
  name: "sqlite",
  origin: "file:///app/sqlite.ts",
  backends: ["sqlite"],
  keys: [],
};

function errorOf(run: () => unknown): MortiseError {
  try {
    run();
  } catch (error) {
    if (isMortiseError(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("a registry", () => {
  it("has <hash> built in, and finds what was added", () => {
    const file = store("file");
    const registry = createRegistry([file, database]);
    const blob = codec("blob");
    registry.add(blob);
    expect(registry.codec("hash")).toBe(hashCodec);
    expect(registry.codec("blob")).toBe(blob);
    expect(registry.findCodec("blob")).toBe(blob);
    expect(registry.findCodec("nope")).toBeUndefined();
    expect(registry.store("FILE")).toBe(file);
    expect(registry.database("sqlite")).toBe(database);
    expect(registry.plugins).toEqual([hashCodec, file, database, blob]);
  });

  it("takes the same plugin twice as one", () => {
    const blob = codec("blob");
    expect(createRegistry([blob, blob]).plugins).toEqual([hashCodec, blob]);
  });

  it("I17: refuses a second codec of one name, naming both origins", () => {
    const error = errorOf(() => createRegistry([codec("blob", "file:///one.ts"), codec("blob", "file:///two.ts")]));
    expect(error.code).toBe("duplicate-plugin");
    expect(error.message).toContain("already registered by file:///one.ts");
    expect(error.message).toContain("file:///two.ts");
    expect(errorOf(() => createRegistry([codec("hash")])).code).toBe("duplicate-plugin");
  });

  it("refuses a second store of one protocol, and leaves the first one in place", () => {
    const file = store("file");
    const registry = createRegistry([file]);
    expect(errorOf(() => registry.add(store("x", "FILE"))).code).toBe("duplicate-plugin");
    expect(registry.store("file")).toBe(file);
    expect(errorOf(() => registry.store("x")).code).toBe("unknown-protocol");
  });

  it.each(["", 5, undefined])("I18: refuses the name %j", (name) => {
    const error = errorOf(() => createRegistry([{ ...codec("x"), name } as unknown as Plugin]));
    expect(error.code).toBe("invalid-plugin");
    expect(error.message).toContain("non-empty string");
  });

  it("names the plugin inside a module that was given as a whole", () => {
    const error = errorOf(() => createRegistry([{ blobCodec: codec("blob"), other: 1 } as unknown as Plugin]));
    expect(error).toMatchObject({ code: "invalid-plugin", hint: expect.stringContaining("export blobCodec") });
  });

  it("I19: lists its codecs sorted", () => {
    const names = ["object", "blob", "npy", "attach", "filepath"];
    const registry = createRegistry(names.map((name) => codec(name)));
    expect(codecNames(registry)).toEqual(["attach", "blob", "filepath", "hash", "npy", "object"]);
  });

  it("I20: says that an unknown codec is not registered", () => {
    const error = errorOf(() => createRegistry([codec("blob")]).codec("nope"));
    expect(error.code).toBe("unknown-codec");
    expect(error.message).toBe("Unknown codec: <nope> is not registered; registered: blob, hash");
  });

  it.each([
    [
      () => createRegistry().store("gcs"),
      "unknown-protocol",
      'protocol "gcs" needs @mortise/store-gcs: npm install @mortise/store-gcs',
    ],
    [
      () => createRegistry().codec("npy"),
      "unknown-codec",
      'codec "npy" needs @mortise/codec-npy: npm install @mortise/codec-npy',
    ],
    [() => createRegistry().database("postgresql"), "unknown-backend", "npm install @mortise/db-postgres"],
  ])("names the package to install", (run, code, message) => {
    const error = errorOf(run);
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
    expect(error.hint).toContain("plugins");
  });

  it("suggests the spelling of a codec that differs in case only", () => {
    expect(errorOf(() => createRegistry([codec("blob")]).codec("Blob")).hint).toContain('Did you mean "blob"');
    expect(errorOf(() => createRegistry().store("constructor")).message).toContain("registered: none");
  });

  it("refuses another version of the contracts, naming both packages", () => {
    const error = errorOf(() => createRegistry([{ ...store("s3"), apiVersion: 2 } as unknown as Plugin]));
    expect(error.code).toBe("api-version");
    expect(error.message).toContain("@x/store-s3");
    expect(error.message).toContain("@mortise/core");
    expect(error.hint).toContain("Update @mortise/core");
    const older = errorOf(() => createRegistry([{ kind: "future", name: "s3", apiVersion: 0 } as unknown as Plugin]));
    expect(older.hint).toContain('Update plugin "s3"');
  });

  it.each([
    ["nothing", undefined],
    ["null", null],
    ["a factory that was not called", () => store("x")],
    ["an object of another kind", { ...store("x"), kind: "queue" }],
    ["no version", { ...store("x"), apiVersion: undefined }],
    ["no origin", { ...store("x"), origin: undefined }],
    ["a store without open", { ...store("x"), open: undefined }],
    ["a store without protocols", { ...store("x"), protocols: [] }],
    ["a store whose protocol is no text", { ...store("x"), protocols: [5] }],
    ["a store without keys", { ...store("x"), keys: undefined }],
    ["a codec without references", { ...codec("x"), references: undefined }],
    ["a codec whose name can't be written", codec("x@y")],
    ["a codec in capitals", codec("Blob")],
    ["a database without backends", { ...database, backends: [""] }],
  ])("refuses %s", (_what, plugin) => {
    expect(errorOf(() => createRegistry([plugin as Plugin])).code).toBe("invalid-plugin");
  });
});

describe("the default registry", () => {
  it("is copied when it is asked for, so that an open project never changes", () => {
    const before = defaultRegistry();
    const registered = codec("registered", "file:///one.ts");
    registerPlugin(registered);
    registerPlugin(registered);
    expect(before.findCodec("registered")).toBeUndefined();
    const after = defaultRegistry();
    expect(after.findCodec("registered")).toBe(registered);
    after.add(codec("mine"));
    expect(defaultRegistry().findCodec("mine")).toBeUndefined();
    expect(createRegistry().findCodec("registered")).toBeUndefined();
  });

  it("refuses two plugins of one name when the second registers", () => {
    registerPlugin(codec("twice", "file:///one.ts"));
    const error = errorOf(() => registerPlugin(codec("twice", "file:///two.ts")));
    expect(error.code).toBe("duplicate-plugin");
    expect(error.message).toMatch(/file:\/\/\/one\.ts.*file:\/\/\/two\.ts/);
    expect(defaultRegistry().codec("twice").origin).toBe("file:///one.ts");
  });
});

describe("packageOf", () => {
  it.each([
    ["file:///app/node_modules/@mortise/store-s3/dist/index.js", "@mortise/store-s3"],
    ["file:///app/node_modules/.pnpm/left-pad@1/node_modules/left-pad/index.js", "left-pad"],
    ["file:///app/src/mine.ts", "file:///app/src/mine.ts"],
  ])("of %s is %s", (origin, expected) => {
    expect(packageOf(origin)).toBe(expected);
  });
});
