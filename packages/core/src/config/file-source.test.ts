import { describe, expect, it } from "vitest";
import { configErrorOf, configOf, problemsOf } from "../../test/config-sources.ts";

const fileStore = { protocol: "file", location: "/tmp" };

describe("the configuration file", () => {
  it("A06: gives a store's spec with its defaults", () => {
    const config = configOf({ file: { stores: { default: "m", m: fileStore } } });
    expect(config.storeSpec()).toEqual({
      ...fileStore,
      subfolding: null,
      partition_pattern: null,
      token_length: 8,
      hash_prefix: "_hash",
      schema_prefix: "_schema",
      filepath_prefix: null,
    });
    expect(config.warnings).toEqual([]);
  });

  it("A07: reads dotted keys of stores", () => {
    const config = configOf({ file: { "stores.m.protocol": "file", "stores.m.location": "/tmp" } });
    expect(config.get("stores")).toEqual({ m: fileStore });
    expect(config.warnings).toEqual([expect.stringContaining("stores.default is not configured")]);
  });

  it("A08: reads the dotted stores.default", () => {
    const file = { "stores.m.protocol": "file", "stores.m.location": "/tmp", "stores.default": "m" };
    expect(configOf({ file }).storeSpec()).toMatchObject(fileStore);
  });

  it("A09: adds a dotted key to a store that was written nested before it", () => {
    const file = { stores: { m: { protocol: "file" } }, "stores.m.location": "/tmp" };
    expect(configOf({ file }).get("stores.m")).toEqual(fileStore);
  });

  it("replaces by a nested store what was written dotted before it, as Python does", () => {
    const file = { "stores.m.token_length": 5, stores: { m: fileStore } };
    expect(configOf({ file }).get("stores.m.token_length")).toBe(8);
  });

  it("A10: warns of a key with four parts and ignores it", () => {
    const config = configOf({ file: { "stores.m.a.b": 1 } });
    expect(config.stores.size).toBe(0);
    expect(config.warnings.join()).toContain("unknown key stores.m.a.b is ignored");
  });

  it("A11: refuses stores that are no object, whatever stands around it", () => {
    const file = { safemode: false, stores: [1], download_path: "/d" };
    expect(problemsOf({ file })).toContain("stores (/p/datajoint.json): must be an object, found an array");
  });

  it("A12: refuses a port that is no number", () => {
    expect(problemsOf({ file: { database: { port: "abc" } } })).toContain('must be an integer, found "abc"');
  });

  it("A13: refuses a file whose top level is no object", () => {
    expect(problemsOf({ file: [] })).toContain("must be a JSON object, found an array");
  });

  it("A14: warns of unknown keys and ignores them", () => {
    const { warnings } = configOf({ file: { unknown: 1, "unknown.x": 1, nope: {}, "database.zzz": 1, safemod: true } });
    for (const key of ["unknown", "unknown.x", "nope", "database.zzz"]) {
      expect(warnings.join("\n")).toContain(`unknown key ${key} is ignored`);
    }
    expect(warnings.join("\n")).toContain('unknown key safemod is ignored; did you mean "safemode"?');
  });

  it("A16: takes the port of PostgreSQL from a backend that the file names", () => {
    expect(configOf({ file: { "database.backend": "postgresql" } }).database).toMatchObject({ port: 5432 });
    expect(configOf({ file: { "database.backend": "mysql" } }).get("database.port")).toBe(3306);
  });

  it("A51: distinguishes the case of store names", () => {
    const config = configOf({ file: { stores: { default: "Main", Main: fileStore } } });
    const error = configErrorOf(() => config.storeSpec("main"));
    expect(error.code).toBe("unknown-store");
    expect(error.message).toContain("not configured");
    expect(error.hint).toContain('did you mean "Main"?');
  });

  it("reads numbers and truth values from text where Python does, and not in stores", () => {
    expect(configOf({ file: { database: { port: "3307", use_tls: "no" } } }).database).toMatchObject({
      port: 3307,
      use_tls: false,
    });
    const s3 = { protocol: "s3", endpoint: "e", bucket: "b", location: "", secure: "false" };
    expect(problemsOf({ file: { stores: { m: s3 } } })).toContain('must be true or false, found "false"');
  });

  it("lists stores in the order of the file", () => {
    const stores = { default: "a", b: { ...fileStore, location: "/b" }, a: { ...fileStore, location: "/a" } };
    expect([...configOf({ file: { stores }, secrets: { "stores.z.token": "t" } }).stores.keys()]).toEqual(["b", "a"]);
  });

  it("refuses a name with a dot inside stores, which would be read as two", () => {
    expect(problemsOf({ file: { stores: { "m.location": {} } } })).toContain("must not hold a dot");
    expect(problemsOf({ file: { stores: { m: { ...fileStore, "a.b": 1 } } } })).toContain("must not hold a dot");
  });

  it("takes names of Object.prototype for names like any other", () => {
    const stores = JSON.parse('{"default": "__proto__", "__proto__": {"protocol": "file", "location": "/x"}}');
    expect(configOf({ file: { stores } }).storeSpec()).toMatchObject({ location: "/x" });
    expect(problemsOf({ file: { stores: { m: { protocol: "constructor" } } } })).toContain("Unknown protocol");
    expect(problemsOf({ file: { stores: { m: { ...fileStore, toString: 1 } } } })).toContain("Invalid key(s)");
  });
});

describe("the mortise block", () => {
  const s3 = { protocol: "s3", endpoint: "e", bucket: "b", location: "" };

  it("adds keys of our own to the store of the same name", () => {
    const file = { stores: { default: "m", m: s3 }, mortise: { stores: { m: { region: "eu-west-1" } } } };
    const config = configOf({ file });
    expect(config.storeSpec("m")).toMatchObject({ region: "eu-west-1", bucket: "b" });
    expect(config.get("stores.m.region")).toBe("eu-west-1");
  });

  it("refuses a key of our own in the shared block, and says where it belongs", () => {
    expect(problemsOf({ file: { stores: { m: { ...s3, region: "x" } } } })).toContain(
      "write region as mortise.stores.m.region",
    );
  });

  it("refuses a shared key in our block, and says where it belongs", () => {
    const file = { stores: { m: s3 }, mortise: { stores: { m: { bucket: "c" } } } };
    expect(problemsOf({ file })).toContain("write bucket as stores.m.bucket");
  });

  it("refuses unknown keys: nobody else's can stand there", () => {
    expect(problemsOf({ file: { mortise: { databse: {} } } })).toContain(
      "mortise.databse (/p/datajoint.json): unknown",
    );
    expect(problemsOf({ file: { mortise: { database: { fil: "x" } } } })).toContain('did you mean "database.file"?');
    expect(problemsOf({ file: { mortise: 5 } })).toContain("must be an object, found a number");
  });

  it("warns of a store that is nowhere else", () => {
    const config = configOf({ file: { mortise: { stores: { gone: { durability: "none" } } } } });
    expect(config.warnings.join()).toContain("stores.gone has no protocol");
    expect(config.stores.size).toBe(0);
  });
});
