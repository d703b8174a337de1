import { describe, expect, it } from "vitest";
import { configErrorOf, configOf, problemsOf } from "../../test/config-sources.ts";

const m = { protocol: "file", location: "/m" };
const q = { protocol: "file", location: "/q" };

describe("with", () => {
  const config = configOf({ file: { stores: { m }, "database.host": "file" }, env: { DJ_SAFEMODE: "true" } });

  it("A44: sets stores.default", () => {
    expect(config.with({ "stores.default": "m" }).storeSpec()).toMatchObject(m);
    expect(config.defaultStore).toBeUndefined();
  });

  it("A45: refuses an unknown key", () => {
    expect(() => config.with({ zz: 1 })).toThrow("zz (options): unknown key");
    expect(configErrorOf(() => config.get("zz")).code).toBe("unknown-key");
  });

  it("A46: overrides values, and a whole mapping of stores, above the environment, and leaves the original", () => {
    const other = config.with({ safemode: false, "database.host": "o", stores: { q } });
    expect([other.get("safemode"), other.get("database.host"), [...other.stores.keys()]]).toEqual([false, "o", ["q"]]);
    expect([config.get("safemode"), config.get("database.host"), [...config.stores.keys()]]).toEqual([
      true,
      "file",
      ["m"],
    ]);
  });

  it("A47: refuses unknown names, names that are not dotted, and paths that are too deep", () => {
    const { problems } = configErrorOf(() =>
      config.with({ nope: 1, stores__default: "x", a__b__c: 1, "stores.m.a.b": 1 }),
    );
    expect(problems.map((problem) => problem.key)).toEqual(["nope", "stores__default", "a__b__c", "stores.m.a.b"]);
  });

  it("replaces one store by a nested value, and one key by a dotted one", () => {
    const two = config.with({ "stores.m": { protocol: "file", location: "/n", token_length: 6 } });
    expect(two.storeSpec("m")).toMatchObject({ location: "/n", token_length: 6 });
    expect(two.with({ "stores.m.location": "/o" }).storeSpec("m")).toMatchObject({ location: "/o", token_length: 6 });
    expect(two.with({ "stores.m": q }).storeSpec("m")).toMatchObject({ location: "/q", token_length: 8 });
  });

  it("takes null for the default", () => {
    expect(config.with({ "stores.m.hash_prefix": null }).storeSpec("m")).toMatchObject({ hash_prefix: "_hash" });
    expect(problemsOf({ file: { stores: { m: { ...m, location: null } } } })).toContain("is missing: location");
  });

  it("checks everything again", () => {
    expect(() => config.with({ "stores.m.subfolding": [0, 2] })).toThrow("stores.m.subfolding (options)");
    expect(() => config.with({ "stores.default": "gone" })).toThrow("not configured");
  });
});

describe("get", () => {
  const config = configOf({ file: { stores: { default: "m", m } } });

  it("answers with groups, values and defaults", () => {
    expect(config.get("stores.default")).toBe("m");
    expect(config.get("stores.m")).toEqual(m);
    expect(config.get("stores.m.token_length")).toBe(8);
    expect(config.get("display")).toMatchObject({ limit: 12 });
    expect(config.get("database.user")).toBeUndefined();
  });

  it.each(["stores.x", "stores.m.bucket", "stores.m.a.b", "database.x", "", "constructor", "stores.default.x"])(
    "refuses %j",
    (key) => {
      expect(configErrorOf(() => config.get(key)).code).toBe("unknown-key");
    },
  );
});

describe("explain", () => {
  it("names the source of every value and what it hides, nearest first", () => {
    const config = configOf({
      file: { "database.user": "f", stores: { default: "m", m } },
      secrets: { "database.user": "s" },
      env: { DJ_USER: "e" },
      options: { "database.user": "o" },
    });
    const entries = new Map(config.explain().map((entry) => [entry.key, entry]));
    expect(entries.get("database.user")).toEqual({
      key: "database.user",
      value: "o",
      source: { kind: "option", name: "" },
      shadows: [
        { kind: "environment", name: "DJ_USER" },
        { kind: "secret", name: "/p/.secrets/database.user" },
        { kind: "file", name: "/p/datajoint.json" },
      ],
    });
    expect(entries.get("stores.m.token_length")).toMatchObject({ value: 8, source: { kind: "default" } });
    expect(entries.get("stores.m.location")).toMatchObject({ value: "/m", source: { kind: "file" } });
    expect(entries.get("stores.default")).toMatchObject({ value: "m", source: { kind: "file" } });
  });
});

describe("the database", () => {
  it("is a SQLite file beside the configuration when nothing is configured", () => {
    expect(configOf({}).database).toEqual({
      backend: "sqlite",
      file: "/p/.mortise/database.sqlite",
      database_prefix: "",
      create_tables: true,
    });
    expect(configOf({ secrets: { "database.password": "x" } }).database.backend).toBe("sqlite");
  });

  it.each(["host", "user"])("is mysql when a %s is configured without a backend", (key) => {
    expect(configOf({ file: { database: { [key]: "x" } } }).database).toMatchObject({ backend: "mysql", port: 3306 });
  });

  it("is mysql when a port is configured without a backend", () => {
    expect(configOf({ file: { database: { port: 1234 } } }).database).toMatchObject({ backend: "mysql", port: 1234 });
  });

  it("is what our own block says, whatever Python uses", () => {
    const file = {
      database: { host: "h", backend: "mysql" },
      mortise: { database: { backend: "sqlite", file: "x.db" } },
    };
    expect(configOf({ file }).database).toMatchObject({ backend: "sqlite", file: "/p/x.db" });
    expect(configOf({ file: { database: { host: "h" }, "mortise.database.file": "x.db" } }).database.backend).toBe(
      "sqlite",
    );
    expect(configOf({ options: { "database.file": ":memory:" } }).database["file"]).toBe(":memory:");
  });

  it("refuses sqlite, and its file, in the block that Python reads", () => {
    expect(problemsOf({ file: { database: { backend: "sqlite" } } })).toContain("write it as mortise.database.backend");
    expect(problemsOf({ file: { database: { file: "x" } } })).toContain("write it as mortise.database.file");
  });

  it.each(["", "s3://bucket/x", "a\0b"])("refuses the SQLite file %j", (file) => {
    expect(problemsOf({ options: { "database.file": file } })).toContain("database.file (options): ");
  });

  it("refuses an unknown backend and a port that is none", () => {
    expect(problemsOf({ env: { DJ_BACKEND: "postgres" } })).toContain('did you mean "postgresql"?');
    expect(problemsOf({ options: { "database.port": 0 } })).toContain("must be 1 to 65535, found 0");
  });

  it("takes backends and keys from plugins", () => {
    const plugin = {
      kind: "database",
      apiVersion: 1,
      name: "duck",
      origin: "test",
      backends: ["duck"],
      keys: [{ name: "threads", type: "integer", default: 2, mortiseOnly: true, description: "Threads" }],
    } as const;
    const file = { mortise: { database: { backend: "duck", threads: 4 } } };
    expect(configOf({ file, rest: { plugins: [plugin] } }).database).toMatchObject({ backend: "duck", threads: 4 });
    expect(problemsOf({ file })).toContain("mortise.database.threads");
  });
});
