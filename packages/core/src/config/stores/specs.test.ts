import { describe, expect, it } from "vitest";
import { configErrorOf, configOf, problemsOf, storeFile } from "../../../test/config-sources.ts";

const defaults = {
  subfolding: null,
  partition_pattern: null,
  token_length: 8,
  hash_prefix: "_hash",
  schema_prefix: "_schema",
  filepath_prefix: null,
};
const minimal = {
  file: { protocol: "file", location: "/x" },
  s3: { protocol: "s3", endpoint: "e", bucket: "b", location: "l" },
  gcs: { protocol: "gcs", bucket: "b", location: "l" },
  azure: { protocol: "azure", container: "c", location: "l" },
};

function specOf(entry: unknown): unknown {
  return configOf({ file: storeFile(entry) }).storeSpec();
}

function wrong(entry: unknown): string {
  return problemsOf({ file: storeFile(entry) });
}

describe("storeSpec", () => {
  it.each([
    ["B01", minimal.file, { ...minimal.file, ...defaults }],
    ["B02", { protocol: "FILE", location: "/x" }, { ...minimal.file, ...defaults }],
    ["B09", minimal.s3, { ...minimal.s3, ...defaults, secure: true }],
    ["B10", { ...minimal.s3, secure: false }, { ...minimal.s3, ...defaults, secure: false }],
    ["B13", minimal.gcs, { ...minimal.gcs, ...defaults }],
    ["B16", minimal.azure, { ...minimal.azure, ...defaults }],
  ])("%s: makes of %j a spec with its defaults", (_id, entry, spec) => {
    expect(specOf(entry)).toEqual(spec);
  });

  it.each([
    ["B03", { location: "/x" }, "missing protocol"],
    ["B04", { protocol: "file" }, "is missing: location"],
    ["B05", { ...minimal.file, project_name: "p", zz: 1 }, "Invalid key(s) for a file store: zz;"],
    ["B07", { ...minimal.file, bucket: "b" }, "Invalid key(s) for a file store: bucket"],
    ["B11", { protocol: "s3" }, "is missing: endpoint, bucket, location"],
    ["B12", { ...minimal.s3, token: "t", region: "r" }, "Invalid key(s) for a s3 store: token, region"],
    ["B14", { ...minimal.gcs, endpoint: "e" }, "Invalid key(s) for a gcs store: endpoint"],
    ["B15", { protocol: "gcs" }, "is missing: bucket, location"],
    ["B17", { protocol: "azure", bucket: "b", location: "l" }, "is missing: container"],
    ["B18", { protocol: "http", location: "x" }, 'Unknown protocol "http"'],
    ["B19", "text", "stores.m (/p/datajoint.json): must be an object"],
    ["B19", null, "stores.m (/p/datajoint.json): must be an object, found null"],
    ["B29", { ...minimal.s3, access_key: "a" }, "Incomplete S3 credentials"],
    ["B29", { ...minimal.s3, secret_key: "a", access_key: "" }, "Incomplete S3 credentials"],
  ])("%s: refuses %j", (_id, entry, message) => {
    expect(wrong(entry)).toContain(message);
  });

  it("B06: takes the example with project_name and subfolding", () => {
    const entry = { protocol: "file", location: "/data/store", project_name: "my_project", subfolding: [2, 2] };
    expect(specOf(entry)).toEqual({ ...defaults, ...entry });
  });

  it("B08: clamps token_length with a warning, and accepts stage", () => {
    const config = configOf({ file: storeFile({ ...minimal.file, stage: "/tmp", token_length: 99 }) });
    expect(config.storeSpec()).toMatchObject({ token_length: 16, stage: "/tmp" });
    expect(config.warnings).toEqual(["stores.m.token_length 99 is outside 4 to 16; 16 is used"]);
    expect(specOf({ ...minimal.file, token_length: 1 })).toMatchObject({ token_length: 4 });
  });

  it("B20: names stores.default where none is configured", () => {
    const error = configErrorOf(() => configOf({}).storeSpec());
    expect(error.code).toBe("no-default-store");
    expect(error.message).toContain("stores.default is not configured");
  });

  it("B21: refuses a default that has no entry", () => {
    const text = problemsOf({ file: { stores: { default: "m", k: minimal.file } } });
    expect(text).toContain("Storage 'm' is requested but not configured in stores; configured: k");
  });

  it.each([5, null])("B22: refuses the default %j", (value) => {
    const text = problemsOf({ file: { stores: { default: value, m: minimal.file } } });
    expect(text).toContain("stores.default must be a string");
  });

  it("B23: takes the empty name for the default store", () => {
    expect(configOf({ file: storeFile(minimal.file) }).storeSpec("")).toMatchObject(minimal.file);
  });

  it.each(["default", "filepath_default"])("B24: does not take %s for a store", (name) => {
    const error = configErrorOf(() => configOf({ file: storeFile(minimal.file) }).storeSpec(name));
    expect(error.code).toBe("unknown-store");
  });

  it("B25: falls back from filepath_default to default", () => {
    const stores = { default: "m", m: minimal.file, f: { ...minimal.file, location: "/f" } };
    const filepath = { filepath: true };
    expect(configOf({ file: { stores } }).storeSpec(undefined, filepath)).toMatchObject({ location: "/x" });
    const both = configOf({ file: { stores: { ...stores, filepath_default: "f" } } });
    expect(both.storeSpec(undefined, filepath)).toMatchObject({ location: "/f" });
    expect(both.storeSpec()).toMatchObject({ location: "/x" });
    expect(() => configOf({}).storeSpec(undefined, filepath)).toThrow("stores.filepath_default is not configured");
  });

  it("B26: ignores the filepath flag where a name is given", () => {
    const stores = { default: "m", filepath_default: "f", m: minimal.file, f: { ...minimal.file, location: "/f" } };
    expect(configOf({ file: { stores } }).storeSpec("m", { filepath: true })).toMatchObject({ location: "/x" });
  });

  it("B27: leaves it to the store to see that its folder exists", () => {
    expect(specOf({ protocol: "file", location: "/does/not/exist" })).toMatchObject({ location: "/does/not/exist" });
  });

  it.each([
    ["file:///data", "/data"],
    ["file:///my%20data/x/", "/my data/x"],
    ["/a/../b//c/.", "/b/c"],
    ["C:\\data\\x", "C:/data/x"],
  ])("B28: takes the location %s for %s", (location, folder) => {
    expect(specOf({ protocol: "file", location })).toMatchObject({ location: folder });
  });

  it("B30: takes two empty S3 keys for ambient credentials", () => {
    expect(specOf({ ...minimal.s3, access_key: "", secret_key: "" })).toMatchObject(minimal.s3);
  });

  const plugin = {
    kind: "store",
    apiVersion: 1,
    name: "mem",
    origin: "test",
    protocols: ["mem"],
    urlSchemes: ["mem"],
    keys: [{ name: "bucket", type: "string", required: true, description: "Bucket" }],
    open: () => Promise.reject(new Error("not opened here")),
  } as const;

  it("B33: knows the required keys of a plugin", () => {
    const text = problemsOf({ file: storeFile({ protocol: "mem" }), rest: { plugins: [plugin] } });
    expect(text).toContain("store is missing: bucket");
  });

  it("B34: refuses keys that a plugin does not have", () => {
    const file = storeFile({ protocol: "mem", bucket: "b", zz: 1, stage: "s" });
    expect(problemsOf({ file, rest: { plugins: [plugin] } })).toContain("Invalid key(s) for a mem store: zz;");
    const good = configOf({ file: storeFile({ protocol: "MEM", bucket: "b" }), rest: { plugins: [plugin] } });
    expect(good.storeSpec()).toEqual({ protocol: "mem", bucket: "b", ...defaults });
  });

  it("is frozen", () => {
    expect(Object.isFrozen(specOf(minimal.file))).toBe(true);
  });
});

describe("what a store's keys must satisfy", () => {
  it.each([
    ["relative", { location: "data" }, "/p/data", 'stores.m.location "data" is relative'],
    ["relative, upwards", { location: "../data" }, "/data", "is relative"],
  ])("warns of a %s location, and puts it below the configuration", (_what, entry, folder, warning) => {
    const config = configOf({ file: storeFile({ protocol: "file", ...entry }) });
    expect(config.storeSpec()).toMatchObject({ location: folder });
    expect(config.warnings.join()).toContain(warning);
  });

  it("trims the location of clouds, which may be empty", () => {
    expect(specOf({ ...minimal.s3, location: "/a//b/" })).toMatchObject({ location: "a/b" });
    expect(specOf({ ...minimal.gcs, location: "" })).toMatchObject({ location: "" });
  });

  it.each([
    ["an empty folder", { ...minimal.file, location: "" }, "location (/p/datajoint.json): is empty"],
    ["the URL of a bucket for a file store", { ...minimal.file, location: "s3://b" }, "found s3://"],
    ["a location of a wrong type", { ...minimal.file, location: 5 }, "must be text, found 5"],
    ["a prefix that leaves the bucket", { ...minimal.s3, location: "a/../b" }, 'segment ".."'],
    ["an empty bucket", { ...minimal.s3, bucket: "" }, "must not be empty"],
    ["an empty container", { ...minimal.azure, container: "" }, "must not be empty"],
    ["subfolding of zero", { ...minimal.file, subfolding: [0, 2] }, "stores.m.subfolding"],
    ["subfolding longer than a hash", { ...minimal.file, subfolding: [26] }, "stores.m.subfolding"],
    ["subfolding that is a number", { ...minimal.file, subfolding: 2 }, "an array of integers, or null, found 2"],
    ["a token length that is no number", { ...minimal.file, token_length: "8" }, "must be an integer"],
    ["a pattern with a format", { ...minimal.file, partition_pattern: "{a:04d}" }, "stores.m.partition_pattern"],
    ["overlapping sections", { ...minimal.file, hash_prefix: "a", schema_prefix: "a/b" }, "overlap"],
    ["an empty hash section", { ...minimal.file, hash_prefix: "" }, "is empty"],
    ["an endpoint with a path", { ...minimal.s3, endpoint: "http://h/x" }, "must not hold a path"],
    ["a secret of a wrong type", { ...minimal.s3, secret_key: 12345 }, "must be text, found number"],
    ["a misspelt protocol", { protocol: "fiel", location: "/x" }, 'did you mean "file"?'],
    ["a misspelt key", { protocol: "file", locaton: "/x" }, 'did you mean "location"?'],
  ])("refuses %s", (_what, entry, message) => {
    expect(wrong(entry)).toContain(message);
  });

  it.each(["a.b", "a:b", "1a", "-a", "a b", "", "a>b"])("refuses the store name %j", (name) => {
    const text = problemsOf({ options: { stores: { [name]: minimal.file } } });
    expect(text).toMatch(/can't be a store's name|must not hold a dot/);
  });

  it("reports wrong keys, types and values of one store together", () => {
    const text = wrong({ protocol: "s3", bucket: "", endpoint: 5, subfolding: [0], zz: 1, hash_prefix: "_schema" });
    for (const part of ["bucket", "endpoint", "subfolding", "zz", "is missing: location", "overlap"]) {
      expect(text).toContain(part);
    }
  });

  it("reports everything that is wrong at once, each with key and source", () => {
    const { problems, message } = configErrorOf(() =>
      configOf({
        file: { stores: { default: "x", a: { protocol: "s3" }, b: 5 }, database: { port: "p" } },
        env: { DJ_SAFEMODE: "perhaps", DJ_STORES__A__SECURE: "7" },
        options: { nope: 1 },
      }),
    );
    expect(problems.map(({ key, source }) => [key, source])).toEqual([
      ["nope", "options"],
      ["stores.b", "/p/datajoint.json"],
      ["database.port", "/p/datajoint.json"],
      ["safemode", "environment variable DJ_SAFEMODE"],
      ["stores.a.secure", "environment variable DJ_STORES__A__SECURE"],
      ["stores.a", "/p/datajoint.json"],
      ["stores.default", "/p/datajoint.json"],
    ]);
    for (const { key } of problems) expect(message).toContain(key);
  });
});
