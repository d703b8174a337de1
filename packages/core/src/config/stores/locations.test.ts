import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { configOf, problemsOf } from "../../../test/config-sources.ts";

function file(location: string): object {
  return { protocol: "file", location };
}

function s3(location: string, extra: object = {}): object {
  return { protocol: "s3", endpoint: "h:9000", bucket: "b", location, ...extra };
}

const gcs = { protocol: "gcs", bucket: "b", location: "" };
const azure = { protocol: "azure", container: "c", location: "", account_name: "acc" };
const connection = "DefaultEndpointsProtocol=https;AccountName=acc;AccountKey=SECRETKEY";

describe("locations of stores", () => {
  it.each([
    ["equal folders", file("/d/x"), file("/d/x/"), "is the location of store"],
    ["a folder and its URL", file("/d/x"), file("file:///d/y/../x"), "is the location of store"],
    ["a nested folder", file("/d"), file("/d/x"), "lies inside the location of store"],
    ["an outer folder", file("/d/x"), file("/d"), "lies inside the location of store"],
    ["equal prefixes", s3("a/b"), s3("/a/b/"), "is the location of store"],
    ["one bucket over http and https", s3("a", { endpoint: "http://h:9000" }), s3("a/b"), "lies inside"],
    ["a whole bucket and a prefix", s3(""), s3("a"), "lies inside"],
    [
      "regional endpoints of AWS",
      s3("a", { endpoint: "s3.amazonaws.com" }),
      s3("a", { endpoint: "s3.eu-west-1.amazonaws.com" }),
      "is the location of store",
    ],
    ["one GCS bucket", gcs, { ...gcs, location: "x" }, "lies inside"],
    [
      "an account by name and by connection string",
      azure,
      { ...azure, account_name: null, connection_string: connection },
      "is the location of store",
    ],
  ])("refuses %s", (_what, a, b, message) => {
    const text = problemsOf({ file: { stores: { a, b } } });
    expect(text).toContain(message);
    expect(text).not.toContain("SECRETKEY");
  });

  it.each([
    ["names that begin alike", file("/d/x"), file("/d/xy")],
    ["different buckets", s3("a"), s3("a", { bucket: "c" })],
    ["different servers", s3("a"), s3("a", { endpoint: "h:9001" })],
    ["different protocols", gcs, s3("")],
    ["different accounts", azure, { ...azure, account_name: "other" }],
  ])("takes %s", (_what, a, b) => {
    expect(configOf({ file: { stores: { a, b } } }).stores.size).toBe(2);
  });

  it("sees through symbolic links where real paths can be asked for", () => {
    const stores = { a: file("/link/x"), b: file("/real/x") };
    expect(configOf({ file: { stores } }).stores.size).toBe(2);
    const realPath = (path: string): string => path.replace("/link", "/real");
    expect(problemsOf({ file: { stores }, rest: { realPath } })).toContain("is the location of store");
  });

  it("refuses any folder below another, however deep, and never siblings", () => {
    const name = fc.stringMatching(/^[a-c]{1,3}$/);
    const path = fc.array(name, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(path, path, (one, two) => {
        const shorter = Math.min(one.length, two.length);
        const nested = one.slice(0, shorter).join("/") === two.slice(0, shorter).join("/");
        const stores = { a: file(`/${one.join("/")}`), b: file(`/${two.join("/")}`) };
        if (nested) expect(() => configOf({ file: { stores } })).toThrow("location");
        else expect(configOf({ file: { stores } }).stores.size).toBe(2);
      }),
    );
  });
});
