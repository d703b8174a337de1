import { describe, expect, it } from "vitest";
import { extensionOf, normalizeExtension } from "./extension.ts";

describe("normalizeExtension", () => {
  it.each([
    ["txt", ".txt"],
    [".tar.gz", ".tar.gz"],
    ["", null],
    [null, null],
    [undefined, null],
  ])("makes %j to %j", (given, expected) => {
    expect(normalizeExtension(given)).toBe(expected);
  });

  it.each([".", "..", "..x", "a/b", "a b", "é", "x".repeat(34), "\0"])("refuses %j", (given) => {
    expect(() => normalizeExtension(given)).toThrow("no file extension");
  });
});

describe("extensionOf", () => {
  it.each([
    ["x.tar.gz", ".gz"],
    ["a.CSV", ".CSV"],
    ["noext", null],
    [".hidden", null],
    ["..x", null],
    [".hidden.txt", ".txt"],
    ["end.", null],
    ["photo (1.5 MB)", null],
  ])("of %j is %j", (name, expected) => {
    expect(extensionOf(name)).toBe(expected);
  });
});
