import { assert, integer, array as list, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { isNDArray, NDArray } from "./ndarray.ts";
import { fromNested } from "./nested/from-nested.ts";

describe("NDArray", () => {
  it("reads items by index in C order", () => {
    const array = new NDArray(new Int16Array([1, 2, 3, 4, 5, 6]), { shape: [2, 3] });
    expect([array.at(0, 0), array.at(0, 2), array.at(1, 0), array.at(-1, -1)]).toEqual([1, 3, 4, 6]);
    expect(array.toNested()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  it("reads the same items in F order", () => {
    const array = new NDArray(new Int16Array([1, 4, 2, 5, 3, 6]), { shape: [2, 3], order: "F" });
    expect(array.strides).toEqual([1, 2]);
    expect(array.toNested()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(array.toOrder("C").data).toEqual(new Int16Array([1, 2, 3, 4, 5, 6]));
  });

  it("keeps items and NaN bits through both orders, whatever the shape", () => {
    const shapes = list(integer({ min: 0, max: 4 }), { maxLength: 4 });
    assert(
      property(shapes, (shape) => {
        const size = shape.reduce((a, b) => a * b, 1);
        const bits = BigUint64Array.from({ length: size }, (_, i) => 0x7ff0000000000001n + BigInt(i));
        const array = new NDArray(new Float64Array(bits.buffer), { shape });
        const there = array.toOrder("F");
        const back = there.toOrder("C");
        expect(new BigUint64Array(back.data.buffer)).toEqual(bits);
        expect(there.toNested()).toEqual(array.toNested());
      }),
    );
  });

  it("has a dtype for every bare typed array", () => {
    expect(new NDArray(new BigUint64Array(2)).dtype).toBe("uint64");
    expect(new NDArray(["a", null]).dtype).toBe("object");
  });

  it.each([
    ["complex64", new Float32Array([1, -2]), { re: 1, im: -2 }],
    ["bool", new Uint8Array([1]), true],
    ["float16", new Uint16Array([0x3e00]), 1.5],
    ["datetime64[us]", new BigInt64Array([5n]), 5n],
    ["<U3", new Uint32Array([104, 0x1f600, 0]), "h😀"],
    ["|S3", new Uint8Array([1, 0, 0]), new Uint8Array([1])],
    ["|V2", new Uint8Array([1, 0]), new Uint8Array([1, 0])],
    ["object", [null], null],
  ])("reads an item of %s", (dtype, data, item) => {
    expect(new NDArray(data, { dtype, shape: [] }).item()).toEqual(item);
  });

  it("keeps the byte order a file had in its dtype only", () => {
    const array = new NDArray(new Float32Array([1.5]), { dtype: ">f4" });
    expect([array.dtype, array.at(0)]).toEqual([">f4", 1.5]);
  });

  it("takes pairs of integers as complex ones", () => {
    const array = new NDArray(new Int16Array([1, 2, 3, 4]), { complex: true });
    expect([array.shape, array.at(1)]).toEqual([[2], { re: 3, im: 4 }]);
  });

  it.each([
    ["too few elements", () => new NDArray(new Int8Array(3), { shape: [2, 2] }), "needs 4 elements, got 3"],
    [
      "the wrong data",
      () => new NDArray(new Int8Array(3), { dtype: "float32" }),
      "needs Float32Array data, got Int8Array",
    ],
    ["clamped bytes", () => new NDArray(new Uint8ClampedArray(1) as never), "needs a typed array"],
    ["a negative dimension", () => new NDArray(new Int8Array(0), { shape: [-1] }), "at least 0, got -1"],
    ["too many items", () => new NDArray(new Int8Array(0), { shape: [2 ** 40, 2 ** 40, 0] }), "too many items"],
    ["complex booleans", () => new NDArray(new Uint8Array(2), { dtype: "bool", complex: true }), "no complex form"],
    ["an index outside", () => new NDArray(new Int8Array(2)).at(2), "index 2 is outside dimension 0 of shape (2,)"],
    ["too few indices", () => new NDArray(new Int8Array(2)).at(), "needs as many indices, got 0"],
    ["item() of several", () => new NDArray(new Int8Array(2)).item(), "one item, got shape (2,)"],
  ])("refuses %s", (_, attempt, message) => {
    expect(attempt).toThrow(message);
  });

  it("is recognised by its mark, not by its class", () => {
    expect([isNDArray(new NDArray(new Int8Array(1))), isNDArray(new Int8Array(1)), isNDArray(null)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe("fromNested", () => {
  it("is undone by toNested", () => {
    const nested = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    expect(fromNested(nested, "int16").toNested()).toEqual(nested);
    expect(fromNested([true, false], "bool").toNested()).toEqual([true, false]);
    expect(fromNested([{ re: 1, im: 2 }], "complex128").toNested()).toEqual([{ re: 1, im: 2 }]);
    expect(fromNested([1, 2n], "int64").toNested()).toEqual([1n, 2n]);
    expect(fromNested(0.5, "float16").item()).toBe(0.5);
    expect(fromNested([["a", null]], "object").shape).toEqual([1, 2]);
  });

  it.each([
    [[[1], [2, 3]], "int8", "different lengths"],
    [[[1], 2], "int8", "different lengths"],
    [[1, [2]], "int8", "different depths"],
    [[300], "int8", "int8 can't hold 300"],
    [[0.5], "int32", "int32 can't hold 0.5"],
    [["1"], "float64", "float64 can't hold 1"],
    [[1], "bool", "bool can't hold 1"],
    [["a"], "<U1", "give the data"],
  ])("refuses %j as %s", (nested, dtype, message) => {
    expect(() => fromNested(nested, dtype)).toThrow(message);
  });
});

describe("an NDArray over a Buffer", () => {
  it("is copied when its order changes, though the slice of a Buffer is a view", () => {
    const buffer = Buffer.from([1, 2, 3, 4, 5, 6]);
    const turned = new NDArray(buffer, { shape: [2, 3] }).toOrder("F");
    expect([...turned.data]).toEqual([1, 4, 2, 5, 3, 6]);
    expect([...buffer]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(turned.toNested()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });
});
