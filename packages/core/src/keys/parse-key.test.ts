import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isStoreError } from "../errors.ts";
import { isKey, joinKey, keyProblem, maxKeyBytes, parseKey } from "./parse-key.ts";
import { compareKeys, utf8Length } from "./utf8.ts";

describe("parseKey", () => {
  it.each([
    "a",
    "a/b",
    "_hash/lab/l23dxo7ad3xnbe6lek5y6wwnym",
    "raw/ü ñ/日本.bin",
    "a=b/%2F#?&+",
    "…",
    "...",
    ".zarray",
    "😀",
  ])("takes %j as it is", (text) => {
    expect(parseKey(text)).toBe(text);
  });

  it.each([
    ["", "empty"],
    ["/a", "empty segment"],
    ["a/", "empty segment"],
    ["a//b", "empty segment"],
    [".", 'segment "."'],
    ["..", 'segment ".."'],
    ["a/../b", 'segment ".."'],
    ["a/./b", 'segment "."'],
    ["a\\b", "backslash"],
    ["a\0b", "control character U+0000 at position 1"],
    ["a\nb", "control character U+000A"],
    ["a\u007f", "control character U+007F"],
    ["a\u0085", "control character U+0085"],
    ["a\ud800b", "lone surrogate U+D800"],
    ["a\udc00", "lone surrogate U+DC00"],
    ["a\ufffe", "non-character U+FFFE"],
    ["a\uffff", "non-character U+FFFF"],
  ])("refuses %j and says why", (text, reason) => {
    expect(keyProblem(text)).toContain(reason);
    expect(() => parseKey(text)).toThrow(reason);
    expect(isKey(text)).toBe(false);
  });

  it("refuses what is not a string", () => {
    expect(keyProblem(5)).toContain("found number");
    expect(keyProblem(null)).toContain("found null");
    expect(isKey(undefined)).toBe(false);
  });

  it("counts bytes, not characters, against the limit", () => {
    expect(isKey("x".repeat(maxKeyBytes))).toBe(true);
    expect(keyProblem("x".repeat(maxKeyBytes + 1))).toContain("1025 bytes");
    expect(isKey("é".repeat(512))).toBe(true);
    expect(keyProblem("é".repeat(513))).toContain("1026 bytes");
  });

  it("names the operation and the store, and keeps the message short", () => {
    const error = (() => {
      try {
        return parseKey(`../${"x".repeat(5000)}`, { operation: "put", store: "main" });
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(isStoreError(error, "invalid-key")).toBe(true);
    expect(error).toMatchObject({ operation: "put", store: "main", retryable: false });
    expect((error as Error).message.length).toBeLessThan(400);
  });

  it("never lets through a key that could leave its folder or change on the way", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("..", ".", "", "/", "\\", "\0", "\ud800", "\uffff", "a"),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const text = pieces.join("/");
        if (!isKey(text)) return;
        const segments = text.split("/");
        expect(segments).not.toContain("..");
        expect(segments).not.toContain(".");
        expect(segments).not.toContain("");
        expect(text).not.toMatch(/[\\\p{Cc}]/u);
        expect(text.isWellFormed()).toBe(true);
        expect(new URL(`http://h/${segments.map(encodeURIComponent).join("/")}`).pathname.split("/").length).toBe(
          segments.length + 1,
        );
      }),
    );
  });
});

describe("joinKey", () => {
  it("leaves out empty parts and checks the result", () => {
    expect(joinKey("", "a/b", "", "c")).toBe("a/b/c");
    expect(() => joinKey("a", "../b")).toThrow('segment ".."');
    expect(() => joinKey("", "")).toThrow("empty");
  });
});

describe("compareKeys", () => {
  const encoder = new TextEncoder();
  const bytewise = (left: string, right: string): number => {
    const [a, b] = [encoder.encode(left), encoder.encode(right)];
    for (let index = 0; index < Math.min(a.length, b.length); index++) {
      const difference = (a[index] ?? 0) - (b[index] ?? 0);
      if (difference !== 0) return difference;
    }
    return a.length - b.length;
  };

  it("puts characters above U+FFFF behind those below", () => {
    expect(compareKeys("\u{1f600}", "\uf8ff")).toBeGreaterThan(0);
  });

  it("orders as the UTF-8 bytes do, and counts them", () => {
    const text = fc.string({ unit: "binary" }).map((value) => value.toWellFormed());
    fc.assert(
      fc.property(text, text, (left, right) => {
        expect(Math.sign(compareKeys(left, right))).toBe(Math.sign(bytewise(left, right)));
        expect(utf8Length(left)).toBe(encoder.encode(left).length);
      }),
    );
  });
});
