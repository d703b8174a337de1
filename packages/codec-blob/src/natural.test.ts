import { NDArray } from "@mortise/array";
import {
  array,
  assert,
  bigInt,
  boolean,
  constant,
  dictionary,
  double,
  letrec,
  oneof,
  property,
  string,
} from "fast-check";
import { describe, expect, it } from "vitest";
import { digest } from "./fixtures/neutral.ts";
import { loadVectors } from "./fixtures/vectors.ts";
import { pack } from "./pack.ts";
import { unpack } from "./unpack.ts";
import { PyDate, type PyDateTime } from "./values/dates.ts";
import { pyFloat } from "./values/number.ts";
import { Tuple } from "./values/tuple.ts";

const plain = { compression: "none" } as const;

describe("the natural mapping", () => {
  it.each([
    ["null", null],
    ["a bool", true],
    ["an integer", 42],
    ["a fraction", 0.5],
    ["a float that can't be an integer", 1e300],
    ["minus zero", -0],
    ["a large integer", 2n ** 70n],
    ["text", "naïve 日本"],
    ["bytes", new Uint8Array([1, 2])],
    ["a list", [1, "a", null]],
    [
      "a map with keys that are no text",
      new Map<unknown, unknown>([
        [1, "a"],
        [null, "b"],
      ]),
    ],
    ["a set", new Set([1, "a"])],
    ["a tuple", new Tuple([1, 2])],
    ["a date", new PyDate(2026, 2, 28)],
    ["a typed array", new Float32Array([1, 2.5])],
    ["64-bit integers", new BigInt64Array([1n, -1n])],
  ])("gives %s back as it was", (_, value) => {
    expect(unpack(pack(value))).toStrictEqual(value);
  });

  it("gives a dict back as an object, whatever its names mean to JavaScript", () => {
    const value = { b: 1, constructor: { toString: 2 }, a: [{}] };
    expect(unpack(pack(value))).toEqual(value);
    expect(Object.keys(unpack(pack(value)) as object)).toEqual(["b", "constructor", "a"]);
  });

  it.each([["10"], ["__proto__"]])("gives a dict with the key %j back as a Map", (key) => {
    const back = unpack(
      pack(
        new Map([
          ["z", 1],
          [key, 2],
        ]),
      ),
    );
    expect(back).toEqual(
      new Map([
        ["z", 1],
        [key, 2],
      ]),
    );
    expect(({} as Record<string, unknown>).z).toBeUndefined();
  });

  it("keeps uint8 arrays apart from bytes, and shapes in NDArray", () => {
    const bytes = new NDArray(new Uint8Array([1, 2]));
    expect(unpack(pack(bytes))).toEqual(new NDArray(new Uint8Array([1, 2]), { order: "F" }));
    const image = new NDArray(new Int16Array([1, 2, 3, 4, 5, 6]), { shape: [2, 3] });
    const back = unpack(pack(image)) as NDArray;
    expect([back.shape, back.order, back.toNested()]).toEqual([[2, 3], "F", image.toNested()]);
  });

  it("swaps nothing in an array that was big-endian in a file", () => {
    expect(unpack(pack(new NDArray(new Float64Array([1, 2]), { dtype: ">f8" })))).toEqual(new Float64Array([1, 2]));
  });

  it("unwraps NumPy scalars on request", () => {
    const scalar = new NDArray(new Float64Array([1.5]), { shape: [] });
    expect(unpack(pack([scalar]), { scalars: "unwrap" })).toEqual([1.5]);
    expect(unpack(pack([scalar]))).toEqual([new NDArray(new Float64Array([1.5]), { shape: [], order: "F" })]);
  });

  it("remembers where floats stood, as long as a number of that kind still stands there", () => {
    const value = unpack(pack({ list: [pyFloat(3), 3], rate: pyFloat(30) })) as { list: unknown[]; rate: unknown };
    expect(value).toEqual({ list: [3, 3], rate: 30 });
    value.list[0] = 4;
    expect(unpack(pack(value), { mapping: "exact" })).toEqual(
      new Map<string, unknown>([
        ["list", [4, 3n]],
        ["rate", 30],
      ]),
    );
    value.list[0] = "three";
    expect(unpack(pack(value))).toEqual({ list: ["three", 3], rate: 30 });
  });

  it("keeps the bits of an unusual NaN inside a container", () => {
    const odd = pyFloat(0);
    new DataView(odd.data.buffer).setBigUint64(0, 0xfff8000000000001n, true);
    const bytes = pack({ a: [odd], b: odd }, plain);
    expect(pack(unpack(bytes), plain)).toEqual(bytes);
  });

  it("writes again, byte for byte, whatever vector was read inside a container", () => {
    const different: string[] = [];
    for (const { file, data, payload_md5, repack, dims } of loadVectors().entries) {
      if (repack.from_description !== true) continue;
      const again = pack(unpack(data, { words: dims }), { ...plain, nestedSets: true });
      if (digest(again) !== payload_md5) different.push(file);
    }
    // A float that stands alone has no container that could remember it, and keys that Python merges are merged.
    expect(different).toEqual([
      "048-float-zero.bin",
      "050-float-one.bin",
      "051-float-three.bin",
      "058-float-negnan.bin",
      "059-float-nan-payload.bin",
      "447-rule-dict-duplicate-keys.bin",
      "448-rule-set-duplicate-members.bin",
    ]);
  });

  it("takes a Date only when told what its fields are", () => {
    const date = new Date("2026-03-04T05:06:07.089Z");
    const back = unpack(pack(date, { dates: "utc" })) as PyDateTime;
    expect([back.toString(), back.toDate("utc")]).toEqual(["2026-03-04T05:06:07.089000", date]);
    expect((unpack(pack(date, { dates: "local" })) as PyDateTime).toDate("local")).toEqual(date);
  });

  it("gives any value of plain types back, in both mappings", () => {
    const { value } = letrec((tie) => ({
      value: oneof(
        { maxDepth: 4 },
        constant(null),
        boolean(),
        string({ unit: "binary" }),
        double(),
        bigInt({ min: 2n ** 53n, max: 2n ** 90n }),
        array(tie("value"), { maxLength: 5 }),
        dictionary(
          string().filter((key) => key !== "__proto__" && !/^\d+$/.test(key)),
          tie("value"),
          { maxKeys: 5 },
        ),
      ),
    }));
    assert(
      property(value, (given) => {
        const bytes = pack(given);
        expect(unpack(bytes)).toEqual(given);
        expect(pack(unpack(bytes))).toEqual(bytes);
        expect(pack(unpack(bytes, { mapping: "exact" }), { mapping: "exact" })).toEqual(bytes);
      }),
    );
  });
});
