import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isMortiseError } from "../errors.ts";
import { isKey } from "../keys/parse-key.ts";
import { parseSections } from "./parse-sections.ts";
import { resolveFilePath } from "./resolve-file-path.ts";

const base = { store: "b", baseUrl: "file:///data/my%20store" };
const resolve = (input: unknown, spec: object = {}, at = base): string =>
  resolveFilePath(parseSections(spec), at, input as string);

function codeOf(input: unknown, spec: object = {}, at = base): string {
  try {
    return `resolved to ${resolve(input, spec, at)}`;
  } catch (error) {
    return isMortiseError(error) && error.name === "ValueError" ? error.code : String(error);
  }
}

describe("resolveFilePath", () => {
  it.each([
    ["onlyb.bin", "onlyb.bin"],
    ["./onlyb.bin", "onlyb.bin"],
    ["a//b/./c/", "a/b/c"],
    ["/data/my store/onlyb.bin", "onlyb.bin"],
    ["//data/my store//a/b", "a/b"],
    ["file:///data/my%20store/a%23b", "a#b"],
    ["file:///data/my store/raw.bin", "raw.bin"],
    ["FILE://localhost/data/my%20store/raw.bin", "raw.bin"],
    ["my_hash_file.dat", "my_hash_file.dat"],
    ["_hashes/x", "_hashes/x"],
    ["a%20b", "a%20b"],
  ])("takes %j as %j", (input, expected) => {
    expect(resolve(input)).toBe(expected);
  });

  it.each([
    ["", "invalid-path"],
    [".", "invalid-path"],
    ["/data/my store", "invalid-path"],
    ["../a", "invalid-path"],
    ["x/../onlyb.bin", "invalid-path"],
    ["raw/../_hash/x", "invalid-path"],
    ["/data/my store/../my store/x", "invalid-path"],
    ["file:///data/my%20store/%2e%2e/x", "invalid-path"],
    ["a\\b", "invalid-path"],
    ["a\0b", "invalid-path"],
    [5, "invalid-path"],
    ["/etc/passwd", "outside-store"],
    ["/onlyb.bin", "outside-store"],
    ["/data/my storehouse/x", "outside-store"],
    ["file:///etc/passwd", "outside-store"],
    ["s3://bucket/x", "outside-store"],
    ["ftp://h/x", "outside-store"],
    ["C:\\data\\x", "outside-store"],
    ["_hash/x", "reserved-path"],
    ["_hash", "reserved-path"],
    ["./_hash/x", "reserved-path"],
    ["/_hash/x", "reserved-path"],
    ["//_hash/x", "reserved-path"],
    ["/data/my store/_hash/x", "reserved-path"],
    ["_schema/a/b", "reserved-path"],
    ["_mortise/store.json", "reserved-path"],
  ])("refuses %j as %s", (input, code) => {
    expect(codeOf(input)).toBe(code);
  });

  it("follows the configured prefixes", () => {
    expect(codeOf("content/x", { hash_prefix: "content" })).toBe("reserved-path");
    expect(resolve("_hash/x", { hash_prefix: "content" })).toBe("_hash/x");
    expect(resolve("raw/f.bin", { filepath_prefix: "raw" })).toBe("raw/f.bin");
    for (const input of ["f.bin", "rawx/f.bin", "raw"]) {
      expect(codeOf(input, { filepath_prefix: "raw" })).toBe("outside-prefix");
    }
  });

  it("asks for filepath_prefix in the legacy layout, where any path may be an object", () => {
    expect(codeOf("x.bin", { schema_prefix: "" })).toBe("reserved-path");
    expect(resolve("raw/x.bin", { schema_prefix: "", filepath_prefix: "raw" })).toBe("raw/x.bin");
  });

  it("takes URLs of clouds and of other protocols below their root", () => {
    const s3 = { store: "s", baseUrl: "s3://bk/lo" };
    expect(resolve("S3://bk/lo/raw/x", {}, s3)).toBe("raw/x");
    expect(codeOf("s3://bk/lox/raw/x", {}, s3)).toBe("outside-store");
    expect(codeOf("/bk/lo/raw/x", {}, s3)).toBe("outside-store");
    expect(resolve("gcs://bk/x", {}, { store: "g", baseUrl: "gs://bk" })).toBe("x");
    expect(resolve("memory://m/x", {}, { store: "m", baseUrl: "memory://m" })).toBe("x");
  });

  it("takes Windows paths of a store on a drive", () => {
    const windows = { store: "w", baseUrl: "file:///C:/data/m" };
    expect(resolve("c:\\data\\m\\raw\\x.bin", {}, windows)).toBe("raw/x.bin");
    expect(resolve("C:/data/m/x.bin", {}, windows)).toBe("x.bin");
    expect(resolve("file:///C:/data/m/x.bin", {}, windows)).toBe("x.bin");
    expect(codeOf("D:\\data\\m\\x", {}, windows)).toBe("outside-store");
  });

  it("knows a store by its other URLs", () => {
    const linked = { ...base, aliases: ["file:///link"] };
    expect(resolveFilePath(parseSections({}), linked, "/link/x")).toBe("x");
  });

  it("yields only keys outside the reserved sections, whatever is given", () => {
    const piece = fc.constantFrom(
      "_hash",
      "_schema",
      "_mortise",
      "..",
      ".",
      "",
      "a",
      "data",
      "my store",
      "\\",
      "file:",
    );
    const sections = parseSections({});
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 7 }), (pieces) => {
        const found = codeOf(pieces.join("/"));
        if (!found.startsWith("resolved to ")) return;
        const key = found.slice("resolved to ".length);
        expect(isKey(key)).toBe(true);
        expect(sections.sectionOf(key)).toBe("filepath");
      }),
    );
  });
});
