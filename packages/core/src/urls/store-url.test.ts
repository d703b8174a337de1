import { describe, expect, it } from "vitest";
import { pathInStore, storeBaseUrl, storeUrl } from "./store-url.ts";

const file = { protocol: "file", location: "/data/m" };
const s3 = { protocol: "s3", bucket: "bk", location: "lo/c" };
const azure = { protocol: "azure", container: "ct", location: "lo" };

describe("storeUrl", () => {
  it.each([
    ["D12", file, "file:///data/m/_schema/x"],
    ["D13", s3, "s3://bk/lo/c/_schema/x"],
    ["D14", { ...s3, location: "" }, "s3://bk/_schema/x"],
    ["D15", { ...s3, location: "/lo/" }, "s3://bk/lo/_schema/x"],
    ["D16", { protocol: "gcs", bucket: "bk", location: "lo" }, "gs://bk/lo/_schema/x"],
    ["D17", azure, "az://ct/lo/_schema/x"],
    ["D18", s3, "s3://bk/lo/c/_schema/x"],
  ])("%s: of _schema/x in %j is %s", (_id, spec, url) => {
    expect(storeUrl(spec, "_schema/x")).toBe(url);
  });

  it("D19: percent-encodes, but for / between segments and = inside them", () => {
    expect(storeUrl(file, "a=1/x y#é?%")).toBe("file:///data/m/a=1/x%20y%23%C3%A9%3F%25");
    expect(storeUrl(s3, "#lookup/(x)!'*")).toBe("s3://bk/lo/c/%23lookup/%28x%29%21%27%2A");
  });

  it.each(["/etc/passwd", "../x", "a/../b", "a//b", "", "a\\b"])("D20: refuses %j, which is no key", (path) => {
    expect(() => storeUrl(file, path)).toThrow("is no object key");
  });

  it("has no slash at the end of a store's root", () => {
    expect(storeBaseUrl(file)).toBe("file:///data/m");
    expect(storeBaseUrl({ ...s3, location: "" })).toBe("s3://bk");
    expect(storeUrl({ protocol: "file", location: "/" }, "x")).toBe("file:///x");
    expect(storeUrl({ protocol: "file", location: "C:\\data" }, "x")).toBe("file:///C:/data/x");
    expect(storeUrl({ protocol: "mem", location: "a" }, "x")).toBe("mem://a/x");
    expect(storeUrl({ protocol: "mem" }, "x")).toBe("mem://x");
  });
});

describe("pathInStore", () => {
  it.each([
    [file, "raw/x", "raw/x"],
    [file, "/data/m/raw/x", "raw/x"],
    [file, "/data/./m//raw/../x", "x"],
    [file, "file:///data/m/raw/x%20y", "raw/x y"],
    [s3, "s3://bk/lo/c/raw/x", "raw/x"],
    [azure, "abfs://ct/lo/x", "x"],
    [{ protocol: "gcs", bucket: "b", location: "" }, "gcs://b/x", "x"],
    ["s3://bk/lo%20c", "s3://bk/lo c/x", "x"],
    ["file:///data/my%20m", "/data/my m/x", "x"],
    ["file:///", "/x", "x"],
    ["mem://a", "raw/x", "raw/x"],
  ])("in %j takes %s for %s", (spec, path, relative) => {
    expect(pathInStore(spec, path)).toBe(relative);
  });

  it.each([
    [file, "/data/mx/raw"],
    [file, "/data/m"],
    [file, "/data/m/../x"],
    [file, "s3://data/m/x"],
    [s3, "s3://bk/lo/other"],
    [s3, "s3://other/lo/c/x"],
    [s3, "https://bk/lo/c/x"],
    [azure, "s3://ct/lo/x"],
    ["mem://a", "s3://a/x"],
  ])("of %j refuses %s, which lies outside", (spec, path) => {
    expect(() => pathInStore(spec, path)).toThrow("lies outside the store");
  });
});
