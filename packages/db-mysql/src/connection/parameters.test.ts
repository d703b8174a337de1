import { describe, expect, it } from "vitest";
import { bindValues, maxParameters } from "./parameters.ts";

/** mysql2's number of the type BIGINT. */
const bigint = 8;

describe("bound values", () => {
  it("carry integers as integers, so that LIMIT takes them and none is compared as a double", () => {
    expect(bindValues([7, -7, 2n ** 63n - 1n, -(2n ** 63n), true, false])).toMatchObject([
      { type: bigint, value: 7n, unsigned: false },
      { type: bigint, value: -7n, unsigned: false },
      { type: bigint, value: 2n ** 63n - 1n, unsigned: false },
      { type: bigint, value: -(2n ** 63n), unsigned: false },
      { type: bigint, value: 1n },
      { type: bigint, value: 0n },
    ]);
    expect(bindValues([2n ** 64n - 1n])).toMatchObject([{ value: 2n ** 64n - 1n, unsigned: true }]);
  });

  it("carry other numbers as doubles, with the sign of zero", () => {
    expect(bindValues([0.5, 2 ** 60, -0])).toEqual([0.5, 2 ** 60, -0]);
  });

  it("carry text and null as they are, and bytes without a copy", () => {
    const bytes = new Uint8Array([1, 2, 3, 4]).subarray(1, 3);
    const [text, nothing, bound] = bindValues(["it's", null, bytes]);
    expect([text, nothing]).toEqual(["it's", null]);
    expect(bound).toBeInstanceOf(Buffer);
    expect((bound as Buffer).buffer).toBe(bytes.buffer);
    expect([...(bound as Buffer)]).toEqual([2, 3]);
  });

  it.each([
    [Number.NaN, "NaN"],
    [Number.NEGATIVE_INFINITY, "-Infinity"],
    [undefined, "undefined"],
    [new Date(0), "a Date"],
    [{ a: 1 }, "an object"],
    [["a"], "an array"],
    [() => 1, "a function"],
    ["\udc00", "text with a lone surrogate"],
    [2n ** 64n, "18446744073709551616n"],
  ])("refuse %s", (value, found) => {
    expect(() => bindValues([1, value])).toThrow(`bound value 2 is ${found}, which MySQL can't bind`);
  });

  it("are at most as many as the protocol counts", () => {
    expect(() => bindValues(Array.from({ length: maxParameters + 1 }, () => 1))).toThrow("65535");
  });
});
