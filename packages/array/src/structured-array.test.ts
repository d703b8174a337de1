import { describe, expect, it } from "vitest";
import { parseFields } from "./dtype/fields.ts";
import { NDArray } from "./ndarray.ts";
import { RecordArray } from "./record-array.ts";
import { StructuredArray } from "./structured-array.ts";

const dtype = parseFields([
  ["id", "|u1"],
  ["xy", ">i2", [2]],
  ["inner", [["z", "<f4"]]],
]);
const bytes = new Uint8Array([1, 0, 1, 0, 2, 0, 0, 128, 63, 2, 0, 3, 0, 4, 0, 0, 0, 64]);

describe("StructuredArray", () => {
  it("copies fields out by column, in native byte order", () => {
    const array = new StructuredArray(bytes, { dtype });
    expect(array.shape).toEqual([2]);
    const xy = array.column("xy") as NDArray;
    expect([xy.shape, xy.toNested()]).toEqual([
      [2, 2],
      [
        [1, 2],
        [3, 4],
      ],
    ]);
    const inner = array.toRecords().column("inner") as RecordArray;
    expect((inner.column("z") as NDArray).toNested()).toEqual([1, 2]);
  });

  it("refuses data of the wrong length and unknown fields", () => {
    expect(() => new StructuredArray(bytes, { dtype, shape: [3] })).toThrow("needs 27 bytes, got 18");
    expect(() => new StructuredArray(bytes, { dtype }).column("x")).toThrow("only id, xy, inner");
  });
});

describe("RecordArray", () => {
  it("takes the shortest shape as its own", () => {
    const wide = new NDArray(new Int8Array(6), { shape: [2, 3] });
    const records = new RecordArray([
      ["wide", wide],
      ["narrow", new NDArray(new Int8Array(2))],
    ]);
    expect(records.shape).toEqual([2]);
    expect(records.column("wide")).toBe(wide);
  });

  it("refuses columns that don't belong to the same records", () => {
    const columns = [
      ["a", new NDArray(new Int8Array(2))],
      ["b", new NDArray(new Int8Array(3))],
    ] as const;
    expect(() => new RecordArray(columns)).toThrow('field "b" has shape (3,), but the records have (2,)');
  });
});
