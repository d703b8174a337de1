import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fileUrl, isUrl, parseUrl, toPath, toUrl } from "./url.ts";

describe("local paths", () => {
  it.each([
    ["D01", "/data/file.dat", "file:///data/file.dat"],
    ["D09", "rel/path", "file:///w/rel/path"],
    ["D10", "/a/../b/./c//d", "file:///b/c/d"],
    ["D11", "C:\\data\\file.dat", "file:///C:/data/file.dat"],
  ])("%s: makes of %s the URL %s, and is no URL itself", (_id, path, url) => {
    expect(isUrl(path)).toBe(false);
    expect(toUrl(path, "/w")).toBe(url);
    expect(() => parseUrl(path)).toThrow("Unsupported URL protocol");
  });

  it("refuses a URL with credentials, and does not show it", () => {
    const refused = expect.objectContaining({ code: "credentials-in-url", message: expect.not.stringContaining("pw") });
    expect(() => toUrl("s3://user:pw@bucket/x")).toThrow(refused);
  });

  it("D08: refuses another scheme, instead of taking it for a folder", () => {
    expect(isUrl("ftp://h/x")).toBe(false);
    expect(() => toUrl("ftp://h/x", "/w")).toThrow("Unsupported URL protocol: ftp://");
    expect(() => parseUrl("ftp://h/x")).toThrow("Unsupported URL protocol: ftp://");
  });

  it("take the empty path for the base, and need a base if they are relative", () => {
    expect(toUrl("", "/w")).toBe("file:///w");
    expect(() => toUrl("x")).toThrow("must be absolute");
    expect(() => toPath("a\0b", "/w")).toThrow("NUL");
    expect(() => toPath("\\\\server\\share", "/w")).toThrow("UNC");
    expect(toPath("~/x", "/w")).toBe("/w/~/x");
    expect(toPath("x\\y", "C:\\w")).toBe("C:/w/x/y");
  });
});

describe("URLs", () => {
  it.each([
    ["D02", "file:///data/file.dat", "file", "/data/file.dat"],
    ["D03", "FILE:///data/x", "file", "/data/x"],
    ["D04", "s3://b/k", "s3", "b/k"],
    ["D05", "gs://b/k", "gcs", "b/k"],
    ["D05", "gcs://b/k", "gcs", "b/k"],
    ["D06", "az://c/k", "abfs", "c/k"],
    ["D06", "abfs://c/k", "abfs", "c/k"],
    ["D07", "https://h/x", "https", "h/x"],
    ["D07", "http://h/x%20y", "http", "h/x%20y"],
  ])("%s: keeps %s and parses it to %s, %s", (_id, url, protocol, path) => {
    expect(isUrl(url)).toBe(true);
    expect(toUrl(url, "/w")).toBe(url);
    expect(parseUrl(url)).toEqual({ protocol, path });
  });

  it("are decoded once, and taken as they stand where they are not encoded", () => {
    expect(toPath("file:///a%20b/%C3%A9")).toBe("/a b/é");
    expect(toPath("file:///a%2520b")).toBe("/a%20b");
    expect(toPath("file:///x y#é?")).toBe("/x y#é?");
    expect(toPath("file:///100%/x")).toBe("/100%/x");
    expect(parseUrl("s3://b/x%20y").path).toBe("b/x y");
    expect(toPath("file:///C:/data/x")).toBe("C:/data/x");
    expect(toPath("file://localhost/data")).toBe("/data");
  });

  it("of other machines are refused", () => {
    expect(() => toPath("file://data/x")).toThrow("this machine only");
    expect(() => toPath("s3://b/k")).toThrow("Expected a local path or file URL, found s3://");
  });

  it.each(["s3://key:SECRET@bucket/x", "https://user:SECRET@h/x", "gs://SECRET@b", "az://a:SECRET@c?x"])(
    "with credentials are refused, without showing them: %s",
    (url) => {
      expect(() => parseUrl(url)).toThrow("with credentials");
      expect(() => parseUrl(url)).not.toThrow("SECRET");
    },
  );

  it("lead back to the path they were made from", () => {
    const segment = fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }).filter((text) => !/[/\0]/.test(text));
    const path = fc.array(
      segment.filter((text) => text !== "." && text !== ".."),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(path, (parts) => {
        const local = `/${parts.join("/")}`;
        fc.pre(!/^\/[A-Za-z]:[\\/]/.test(local));
        const url = fileUrl(local);
        expect(url).toMatch(/^file:\/\/\/[A-Za-z0-9\-._~%/=]*$/);
        expect(toPath(url)).toBe(local);
      }),
    );
  });
});
