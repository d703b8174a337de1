import { describe, expect, it } from "vitest";
import { parseSections } from "../sections/parse-sections.ts";
import { hashPath } from "./hash-path.ts";

const hash = "l23dxo7ad3xnbe6lek5y6wwnym";
const path = (prefix: string, subfolding: unknown, name = hash): string =>
  hashPath(parseSections({ hash_prefix: prefix }), "my_schema", name, subfolding as readonly number[] | null);

describe("hashPath", () => {
  it.each([
    ["F01", "_hash", null, `_hash/my_schema/${hash}`],
    ["F02", "_hash", [], `_hash/my_schema/${hash}`],
    ["F03", "_hash", [2, 2], `_hash/my_schema/l2/3d/${hash}`],
    ["F04", "_hash", [1], `_hash/my_schema/l/${hash}`],
    ["F05", "_hash", [2, 3, 4], `_hash/my_schema/l2/3dx/o7ad/${hash}`],
    ["F06", "/_hash/", null, `_hash/my_schema/${hash}`],
    ["F07", "a/b", null, `a/b/my_schema/${hash}`],
  ])("%s: prefix %j and subfolding %j", (_id, prefix, subfolding, expected) => {
    expect(path(prefix, subfolding)).toBe(expected);
  });

  it.each([
    ["F08", [0, 2], "positive integer, found 0"],
    ["F09", [30], "add up to 30"],
    ["F10", [-1], "positive integer, found -1"],
    ["F11", 2, "must be a list"],
  ])("%s: refuses the subfolding %j", (_id, subfolding, reason) => {
    expect(() => path("_hash", subfolding)).toThrow(reason);
  });

  it.each([[[1.5]], [["2"]], ["2,2"], [[20, 6]]])("refuses the subfolding %j", (subfolding) => {
    expect(() => path("_hash", subfolding)).toThrow("subfolding");
  });

  it.each(["abc", hash.toUpperCase(), `${hash.slice(0, 25)}!`, "1".repeat(26)])("F12: refuses the hash %j", (name) => {
    expect(() => path("_hash", null, name)).toThrow("Invalid content hash");
  });

  it.each(["abcdefghijklmnopqrstuvwxy0", "é".repeat(26)])("F13: refuses the hash %j", (name) => {
    expect(() => path("_hash", null, name)).toThrow("Invalid content hash");
  });

  it("refuses a schema name that is more than one folder", () => {
    expect(() => hashPath(parseSections({}), "a/b", hash, null)).toThrow("schema name");
    expect(() => hashPath(parseSections({}), "..", hash, null)).toThrow("schema name");
  });
});
