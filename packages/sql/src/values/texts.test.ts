import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EnumType, TextType } from "../types/column-type.ts";
import { acceptBytes } from "./bytes.ts";
import { acceptJson } from "./json.ts";
import { countCharacters, enumAcceptor, textAcceptor } from "./text.ts";
import { acceptUuid } from "./uuid.ts";

function text(name: TextType["name"], length: number): (value: unknown) => string {
  return textAcceptor({ kind: "core", name, length, text: `${name}(${length})` });
}

describe("char and varchar", () => {
  it("counts characters, not UTF-16 units", () => {
    expect(text("varchar", 3)("😀😀😀")).toBe("😀😀😀");
    expect(() => text("varchar", 3)("😀😀😀a")).toThrow("got 4 characters");
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        fc.pre(value.isWellFormed());
        expect(countCharacters(value)).toBe(Array.from(value).length);
      }),
    );
  });

  it.each([
    ["a\0b", "NUL"],
    ["\ud800", "surrogate"],
    ["x\udc00", "surrogate"],
    [5, "expects text"],
  ])("refuses %j", (value, message) => {
    expect(() => text("varchar", 10)(value)).toThrow(message);
  });

  it("refuses spaces at the end of a char, which MySQL would remove", () => {
    expect(() => text("char", 4)("ab ")).toThrow("spaces at the end");
    expect(text("varchar", 4)("ab ")).toBe("ab ");
  });

  it("takes only the enum's own spelling", () => {
    const type: EnumType = { kind: "core", name: "enum", values: ["x", "y"], text: "enum('x','y')" };
    expect(() => enumAcceptor(type)("X")).toThrow('expected one of "x", "y"');
    expect(() => enumAcceptor(type)(1)).toThrow("got 1");
  });
});

describe("uuid", () => {
  it.each([
    "01234567-89AB-CDEF-0123-456789ABCDEF",
    "0123456789abcdef0123456789abcdef",
    "{01234567-89ab-cdef-0123-456789abcdef}",
    "urn:uuid:01234567-89ab-cdef-0123-456789abcdef",
  ])("reads %s", (value) => {
    expect(acceptUuid(value)).toBe("01234567-89ab-cdef-0123-456789abcdef");
  });

  it.each(["", "zz", "01234567-89ab-cdef-0123-456789abcde", 5, null])("refuses %j", (value) => {
    expect(() => acceptUuid(value)).toThrow("uuid");
  });
});

describe("bytes", () => {
  it("takes every view, and only the part it shows", () => {
    const { buffer } = Uint8Array.of(1, 2, 3, 4);
    expect(acceptBytes(new Uint8Array(buffer, 1, 2))).toEqual(Uint8Array.of(2, 3));
    expect(acceptBytes(new DataView(buffer, 2))).toEqual(Uint8Array.of(3, 4));
    expect(acceptBytes(buffer)).toEqual(Uint8Array.of(1, 2, 3, 4));
    expect(() => acceptBytes([1, 2])).toThrow("got an array of 2");
  });
});

describe("json", () => {
  it("takes everything that JSON text gives back unchanged", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "grapheme", maxDepth: 4 }), (value) => {
        fc.pre(value !== null && !JSON.stringify(value).includes(String.raw`\u0000`));
        expect(acceptJson(value)).toBe(value);
      }),
    );
  });

  const cycle: Record<string, unknown> = {};
  cycle["self"] = cycle;

  it.each([
    ["undefined in an object", { a: { b: undefined } }, "$.a.b"],
    ["a hole in an array", Array(1), "$[0]"],
    ["infinity", [Infinity], "$[0]"],
    ["a bigint", { n: 1n }, "$.n"],
    ["a Date", { at: new Date(0) }, "$.at"],
    ["a Map", new Map(), "$"],
    ["bytes", { b: Uint8Array.of(1) }, "$.b"],
    ["a function", { f: () => 1 }, "$.f"],
    ["an object with toJSON", { toJSON: () => 1 }, "$"],
    ["a cycle", cycle, "refers to itself"],
    ["NUL in a key", { "a\0": 1 }, "NUL"],
    ["a lone surrogate", ["\ud800"], "surrogate"],
  ])("refuses %s and says where", (_what, value, place) => {
    expect(() => acceptJson(value)).toThrow(place);
  });
});
