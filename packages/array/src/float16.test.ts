import { expect, it } from "vitest";
import { halfToNumber, halvesToFloat32, numberToHalf } from "./float16.ts";

it("gives every half back that is not NaN", () => {
  for (let bits = 0; bits < 0x10000; bits++) {
    const value = halfToNumber(bits);
    if (Number.isNaN(value)) expect(numberToHalf(value)).toBe(0x7e00);
    else if (numberToHalf(value) !== bits) expect.fail(`0x${bits.toString(16)} came back as ${numberToHalf(value)}`);
  }
});

it.each([
  [65504, 0x7bff],
  [65519.99, 0x7bff],
  [65520, 0x7c00],
  [-1e9, 0xfc00],
  [2 ** -24, 1],
  [2 ** -25, 0],
  [3 * 2 ** -25, 2],
  [1 + 2 ** -11, 0x3c00],
  [1 + 3 * 2 ** -11, 0x3c02],
  [2047.9999999999998, 0x6800],
])("rounds %d to 0x%x", (value, bits) => {
  expect(numberToHalf(value)).toBe(bits);
});

it("widens whole arrays", () => {
  expect(halvesToFloat32(new Uint16Array([0x3c00, 0xc000]))).toEqual(new Float32Array([1, -2]));
});
