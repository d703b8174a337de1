import { NDArray, parseFields, RecordArray, StructuredArray } from "@mortise/array";
import { isMortiseError } from "@mortise/core";
import { describe, expect, it } from "vitest";
import type { PackOptions } from "./options.ts";
import { pack } from "./pack.ts";
import { PyDate } from "./values/dates.ts";
import { Decimal } from "./values/decimal.ts";
import { MatSparse } from "./values/matlab.ts";
import { pyFloat } from "./values/number.ts";
import { Tuple } from "./values/tuple.ts";

function messageOf(value: unknown, options?: PackOptions): string {
  try {
    pack(value, options);
  } catch (error) {
    expect(isMortiseError(error, "invalid-value"), String(error)).toBe(true);
    return (error as Error).message;
  }
  return expect.fail("it was written");
}

function nested(depth: number): unknown {
  let value: unknown = [];
  for (let i = 1; i < depth; i++) value = [value];
  return value;
}

function circular(): unknown {
  const value: { self?: unknown; list: unknown[] } = { list: [1] };
  value.list.push({ back: value });
  return value;
}

const detached = new Float64Array(2);
structuredClone(detached, { transfer: [detached.buffer] });
class Custom {
  readonly x = 1;
}

describe("what Python refuses is refused here, where JavaScript can express it", () => {
  const halves = new NDArray(new Uint16Array(1), { dtype: "float16" });
  it.each([
    ["float16", halves, "value: an array of float16 has no form in a blob"],
    [
      "timedelta64",
      new NDArray(new BigInt64Array(1), { dtype: "timedelta64[s]" }),
      "array of timedelta64[s] has no form",
    ],
    ["timedelta64 scalar", new NDArray(new BigInt64Array(1), { dtype: "timedelta64[s]", shape: [] }), "timedelta64[s]"],
    [
      "datetime64 without unit",
      new NDArray(new BigInt64Array(1), { dtype: "datetime64" }),
      "array of datetime64 has no",
    ],
    ["datetime64 with multiple", new NDArray(new BigInt64Array(1), { dtype: "datetime64[25s]" }), "datetime64[25s]"],
    ["byte strings longer than one", new NDArray(new Uint8Array(5), { dtype: "|S5" }), "array of |S5"],
    ["unstructured void", new NDArray(new Uint8Array(16), { dtype: "|V8" }), "array of |V8"],
    ["record with float16 field", new RecordArray([["a", halves]]), "value.a: an array of float16"],
    [
      "record with S3 field",
      new StructuredArray(new Uint8Array(6), { dtype: parseFields([["a", "|S3"]]) }),
      "value.a: an array of |S3",
    ],
    ["structured array without fields", new RecordArray([]), "at least one field"],
    ["lone surrogate", "a\ud800", "value: a text with a lone surrogate"],
    ["generator", [1, 2].values(), "has no form in a blob"],
    ["function", () => 1, "value: a function has no form"],
    ["object", new Custom(), "value: an object of class Custom has no form"],
    ["type", Custom, "a function"],
    ["integer of 65536 bytes", 1n << (65535n * 8n), "at most 65535 bytes, this one needs 65536"],
    ["list nested 400 deep", nested(400), "nested more than 300 levels deep"],
    ["list with a bad member", [1, new Custom()], "value[1]: an object of class Custom"],
    ["enum", Symbol("E.A"), "a symbol"],
    ["Path", new URL("file:///x"), "an object of class URL"],
  ])("%s", (_, value, message) => {
    expect(messageOf(value)).toContain(message);
  });

  it("keeps a nesting that Python can still read", () => {
    expect(pack(nested(200)).length).toBeGreaterThan(0);
  });
});

describe("what would come back as something else is refused", () => {
  const holes: unknown[] = [1];
  holes[2] = 3;
  it.each([
    ["undefined", { a: { "b c": [1, undefined] } }, 'value.a["b c"][1]: undefined'],
    ["a hole in a list", holes, "value[1]: undefined"],
    ["a Date", [new Date(0)], "value[0]: a Date is an instant"],
    ["an object of a class", { x: new Custom() }, "value.x: an object of class Custom"],
    ["a symbol as a key", { [Symbol.iterator]: 1 }, "symbols as keys"],
    ["clamped bytes", new Uint8ClampedArray(1), "Uint8ClampedArray has no form"],
    ["a DataView", new DataView(new ArrayBuffer(1)), "DataView has no form"],
    ["a promise", Promise.resolve(1), "an object of class Promise has no form"],
    ["Math", Math, "value: an object of class Object has no form"],
    ["an error", new Error("x"), "value: an object of class Error has no form"],
    ["a WeakMap", new WeakMap(), "an object of class WeakMap has no form"],
    ["memory that was transferred", { a: detached }, "value.a: the memory of this array was transferred"],
    ["a cycle", circular(), "value contains itself"],
    ["a map as a key", new Map([[new Map(), 1]]), "value{key 0}: an object of class Map can't be a key"],
    [
      "a list in a tuple as a member",
      new Set([new Tuple([[1]])]),
      "value[0]: an object of class Tuple can't be a member",
    ],
    ["an array as a key", new Map([[new NDArray(new Int8Array(1)), 1]]), "an object of class NDArray can't be a key"],
    ["a set in a set", new Set([new Set([1])]), "a set can't be a member of a set: Python can't read it back"],
    ["a field name with NUL", new RecordArray([["a\0", new NDArray(new Int8Array(1))]]), "can't be the name"],
    ["a number as a column", new RecordArray([["a", { shape: [] }]]), "a field of a record is an NDArray"],
    ["a sparse matrix", sparse(), "Python can't read sparse matrices"],
  ])("%s", (_, value, message) => {
    expect(messageOf(value)).toContain(message);
  });

  it.each([
    [1, true],
    [1, pyFloat(1)],
    [1n, 1],
    [0.5, new Decimal("0.50")],
    [100, new Decimal("1E+2")],
    [2 ** 80, 2n ** 80n],
    [1.5, new NDArray(new Float32Array([1.5]), { shape: [] })],
    [new Tuple([1, "a"]), new Tuple([1, "a"])],
    [new PyDate(2026, 1, 1), new PyDate(2026, 1, 1)],
    [new Uint8Array([1]), new Uint8Array([1])],
  ])("the keys %s and %s in one map, which are one key in Python", (a, b) => {
    const both = new Map<unknown, unknown>([
      [a, 1],
      [b, 2],
    ]);
    expect(messageOf({ both })).toContain("value.both: key 1");
    expect(messageOf(new Set<unknown>([a, b]))).toContain("member 1");
  });

  it("a list that changed after an array was made of it", () => {
    const items: unknown[] = [1];
    const array = new NDArray(items, { dtype: "object" });
    items.push(2);
    expect(messageOf({ array })).toContain("value.array: shape (1,) of object needs 1 elements, got 2");
  });

  it("more bytes than the limit", () => {
    expect(messageOf([new Uint8Array(2000)], { limits: { maxPayload: 1000 } })).toContain("above 1000 bytes");
  });

  it("options that can't be", () => {
    expect(messageOf(1, { compression: "best" as never })).toContain("fast, canonical, none");
    expect(messageOf(1, { mapping: "Exact" as never })).toContain('mapping must be one of natural, exact, got "Exact"');
    expect(messageOf(1, { limits: { maxDepth: 0 } })).toContain("limits.maxDepth must be a positive integer");
  });
});

function sparse(): MatSparse {
  const [jc, ir, data] = [Float64Array.of(0, 1), Float64Array.of(1), Float64Array.of(9)];
  return new MatSparse({ rows: 2, columns: 1, jc, ir, data, dtype: "float64" });
}
