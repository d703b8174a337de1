import { describe, expect, it } from "vitest";
import { dtypeDescr, dtypeName, parseDType } from "./dtype.ts";
import { fieldsDescr, parseFields } from "./fields.ts";

describe("dtype names and descr", () => {
  it.each([
    ["bool", "|b1"],
    ["int8", "|i1"],
    ["int16", "<i2"],
    ["int32", "<i4"],
    ["int64", "<i8"],
    ["uint8", "|u1"],
    ["uint64", "<u8"],
    ["float16", "<f2"],
    ["float32", "<f4"],
    ["float64", "<f8"],
    ["float128", "<f16"],
    ["complex64", "<c8"],
    ["complex128", "<c16"],
    ["datetime64[us]", "<M8[us]"],
    ["datetime64[25s]", "<M8[25s]"],
    ["datetime64", "<M8"],
    ["timedelta64[ns]", "<m8[ns]"],
    [">f8", ">f8"],
    [">M8[s]", ">M8[s]"],
    ["<U10", "<U10"],
    [">U3", ">U3"],
    ["|S5", "|S5"],
    ["|V8", "|V8"],
    ["object", "|O"],
  ])("%s is %s in a file", (name, descr) => {
    expect(dtypeDescr(parseDType(name))).toBe(descr);
    expect(dtypeName(parseDType(descr))).toBe(name);
  });

  it.each([
    ["|?", "bool"],
    ["=f8", "float64"],
    [">u1", "uint8"],
    ["<M8[1s]", "datetime64[s]"],
    ["U10", "<U10"],
  ])("reads %s as %s", (text, name) => {
    expect(dtypeName(parseDType(text))).toBe(name);
  });

  it.each(["", "float", "float63", "<f3", "<x8", "<M8[parsec]", "<M8[0s]", "<i8[s]", "<M4[s]", "__proto__", "int"])(
    "refuses %j",
    (text) => {
      expect(() => parseDType(text)).toThrow("unknown dtype");
    },
  );
});

describe("structured descr", () => {
  it("adds up offsets and takes unnamed raw entries as padding", () => {
    const descr = [
      ["a", "|u1"],
      ["", "|V3"],
      [["the title", "b"], ">f4", [2]],
      ["c", [["d", "<i2"]]],
    ] as const;
    const dtype = parseFields(descr);
    expect(dtype.itemsize).toBe(14);
    expect(dtype.fields.map(({ name, offset, title }) => [name, offset, title])).toEqual([
      ["a", 0, undefined],
      ["b", 4, "the title"],
      ["c", 12, undefined],
    ]);
    expect(fieldsDescr(dtype)).toEqual(descr);
  });

  it.each([
    [[["a", "|O"]], "Python objects"],
    [
      [
        ["a", "<i2"],
        ["a", "<i2"],
      ],
      "empty or repeated",
    ],
    [[["", "<i2"]], "empty or repeated"],
  ] as const)("refuses %j", (descr, message) => {
    expect(() => parseFields(descr)).toThrow(message);
  });
});
