import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DecimalType } from "../types/column-type.ts";
import { decimalAcceptor, parseDecimalText } from "./decimal.ts";
import { floatAcceptor } from "./float.ts";
import { acceptInt64, integerAcceptor } from "./integer.ts";

function decimal(precision: number, scale: number): (value: unknown) => string {
  const type: DecimalType = { kind: "core", name: "decimal", precision, scale, text: `decimal(${precision},${scale})` };
  return decimalAcceptor(type);
}

describe("integers", () => {
  it.each([
    ["int8", -128, 127],
    ["int16", -32_768, 32_767],
    ["int32", -2_147_483_648, 2_147_483_647],
  ] as const)("%s takes its bounds and nothing beyond", (name, min, max) => {
    const accept = integerAcceptor(name);
    expect([accept(min), accept(max), accept(BigInt(max))]).toEqual([min, max, max]);
    expect(() => accept(min - 1)).toThrow("holds");
    expect(() => accept(BigInt(max) + 1n)).toThrow("holds");
    expect(() => accept(0.5)).toThrow("expects an integer");
    expect(() => accept(Infinity)).toThrow("expects an integer");
  });

  it("loses the sign of zero, which no database keeps", () => {
    expect(Object.is(integerAcceptor("int8")(-0), 0)).toBe(true);
  });

  it("int64 takes bigints, and numbers only where they are exact", () => {
    expect(acceptInt64(7)).toBe(7n);
    expect(acceptInt64(2n ** 63n - 1n)).toBe(2n ** 63n - 1n);
    expect(() => acceptInt64(2 ** 53)).toThrow("does not hold exactly");
    expect(() => acceptInt64(2n ** 63n)).toThrow("holds -2^63");
    expect(() => acceptInt64(-(2n ** 63n) - 1n)).toThrow("holds -2^63");
  });
});

describe("floats", () => {
  it("float32 rounds to single precision and refuses what would become infinite", () => {
    const accept = floatAcceptor("float32", { nan: false, infinity: true });
    expect(accept(0.1)).toBe(Math.fround(0.1));
    expect(accept(Infinity)).toBe(Infinity);
    expect(() => accept(1e39)).toThrow("holds up to");
  });

  it("refuses text and bigints", () => {
    const accept = floatAcceptor("float64", { nan: false, infinity: false });
    expect(() => accept("1")).toThrow("expects a number");
    expect(() => accept(1n)).toThrow("expects a number");
  });
});

describe("decimals", () => {
  it.each([
    ["0.10", "0.10"],
    [".5", "0.50"],
    ["5.", "5.00"],
    ["+007.1", "7.10"],
    ["-0", "0.00"],
    ["1.2300000", "1.23"],
    ["1e3", "1000.00"],
    ["125e-2", "1.25"],
    [-12.5, "-12.50"],
    [7n, "7.00"],
    [1e-7, undefined],
    ["0.001", undefined],
    ["1000000", undefined],
    ["1e6", undefined],
    ["", undefined],
    [".", undefined],
    ["1 000", undefined],
    ["0x10", undefined],
    [Number.NaN, undefined],
    [true, undefined],
  ])("decimal(8,2) turns %s into %s", (value, expected) => {
    if (expected === undefined) expect(() => decimal(8, 2)(value)).toThrow(/decimal/);
    else expect(decimal(8, 2)(value)).toBe(expected);
  });

  it("takes all digits of the largest precision exactly", () => {
    const digits = "9".repeat(65);
    expect(decimal(65, 0)(digits)).toBe(digits);
    expect(decimal(65, 30)(`-${"9".repeat(35)}.${"9".repeat(30)}`)).toBe(`-${"9".repeat(35)}.${"9".repeat(30)}`);
  });

  it("is its own normal form", () => {
    const accept = decimal(20, 6);
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 20n) + 1n, max: 10n ** 20n - 1n }), (units) => {
        const text = `${units}e-6`;
        const normal = accept(text);
        expect(accept(normal)).toBe(normal);
        expect(normal).toMatch(/^-?\d+\.\d{6}$/);
        expect(BigInt(normal.replace(".", ""))).toBe(units);
      }),
    );
  });

  it("reads numbers as JavaScript prints them", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const digits = parseDecimalText(String(value));
        expect(digits).toBeDefined();
        const text = `${digits?.negative === true ? "-" : ""}${digits?.whole}.${digits?.fraction}e0`;
        expect(Number(text === "-.e0" || text === ".e0" ? "0" : text)).toBe(value === 0 ? 0 : value);
      }),
    );
  });
});
