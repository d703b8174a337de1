// Values of <blob> in both languages, as the natural mapping of @mortise/codec-blob has them.
import { NDArray, RecordArray } from "@mortise/array";
import { Decimal, PyDate, PyDateTime, PyTime, Tuple, Uuid } from "@mortise/codec-blob";
import { type PythonValue, py } from "../client/values.ts";

/** One value in both languages. */
export interface BlobValue {
  readonly title: string;
  readonly mortise: unknown;
  readonly python: PythonValue;
}

const typed = [
  Int8Array.of(-128, 127),
  Uint16Array.of(0, 65_535),
  Int16Array.of(-32_768, 32_767),
  Uint32Array.of(0, 2 ** 32 - 1),
  Int32Array.of(-(2 ** 31), 2 ** 31 - 1),
  BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n),
  BigUint64Array.of(0n, 2n ** 64n - 1n),
  Float32Array.of(0.1, Number.NaN, Number.POSITIVE_INFINITY, -0),
  Float64Array.of(0.1, Number.MIN_VALUE, Number.NEGATIVE_INFINITY, -0),
];

// Long enough, and alike enough, to be compressed.
const wave = Float32Array.from({ length: 5000 }, (_, i) => Math.round(Math.sin(i / 50) * 100) / 100);

const matrix = Int16Array.of(1, 2, 3, 4, 5, 6);

/** Text, numbers and containers, then arrays. */
export const blobValues: readonly BlobValue[] = [
  { title: "text", mortise: "ünï 🐭\n'\"\\", python: "ünï 🐭\n'\"\\" },
  { title: "int", mortise: -7, python: -7 },
  { title: "large int", mortise: 2n ** 70n, python: py.int(2n ** 70n) },
  { title: "float", mortise: 0.1, python: py.float("0.1") },
  { title: "bool", mortise: true, python: true },
  { title: "bytes", mortise: Uint8Array.of(0, 255, 10), python: py.bytes(Uint8Array.of(0, 255, 10)) },
  {
    title: "list with None",
    mortise: [1, null, "a", [true, 2.5], []],
    python: [1, null, "a", [true, py.float("2.5")], []],
  },
  {
    title: "dict",
    mortise: { a: 1, nested: { list: [1, 2], none: null }, ü: "x" },
    python: { a: 1, nested: { list: [1, 2], none: null }, ü: "x" },
  },
  {
    title: "dict with numbers as keys",
    mortise: new Map([
      [1, "a"],
      [2, "b"],
    ]),
    python: py.dict([1, "a"], [2, "b"]),
  },
  { title: "tuple", mortise: new Tuple([1, "b"]), python: py.tuple(1, "b") },
  { title: "set", mortise: new Set([1, 2]), python: py.set(1, 2) },
  { title: "Decimal", mortise: new Decimal("1.50"), python: py.decimal("1.50") },
  {
    title: "UUID",
    mortise: new Uuid("12345678-1234-5678-1234-567812345678"),
    python: py.uuid("12345678-1234-5678-1234-567812345678"),
  },
  { title: "date", mortise: new PyDate(2024, 2, 29), python: py.date("2024-02-29") },
  { title: "time", mortise: new PyTime(1, 2, 3, 4), python: py.time("01:02:03.000004") },
  {
    title: "datetime",
    mortise: new PyDateTime(new PyDate(2024, 2, 29), new PyTime(1, 2, 3)),
    python: py.datetime("2024-02-29T01:02:03"),
  },
  ...typed.map((elements) => ({
    title: `array of ${elements.constructor.name.replace("Array", "").toLowerCase()}`,
    mortise: elements,
    python: py.array(elements),
  })),
  {
    title: "array of uint8",
    mortise: new NDArray(Uint8Array.of(0, 255)),
    python: py.array(Uint8Array.of(0, 255)),
  },
  {
    title: "array of bool",
    mortise: new NDArray(Uint8Array.of(0, 1), { dtype: "bool" }),
    python: py.array(Uint8Array.of(0, 1), [2], "|b1"),
  },
  {
    title: "array of complex",
    mortise: new NDArray(Float64Array.of(1, -2, 0.5, 0), { dtype: "complex128" }),
    python: py.array(Float64Array.of(1, -2, 0.5, 0), [2], "<c16"),
  },
  {
    title: "array of two dimensions",
    mortise: new NDArray(matrix, { shape: [2, 3] }),
    python: py.array(matrix, [2, 3]),
  },
  {
    title: "array of three dimensions, one empty",
    mortise: new NDArray(new Float64Array(0), { shape: [2, 0, 3] }),
    python: py.array(new Float64Array(0), [2, 0, 3]),
  },
  {
    title: "structured array",
    mortise: new RecordArray([
      ["id", new NDArray(Int16Array.of(1, 2))],
      ["value", new NDArray(Float32Array.of(0.5, 1.5))],
    ]),
    python: py.records(
      [
        ["id", "<i2"],
        ["value", "<f4"],
      ],
      Uint8Array.of(1, 0, 0, 0, 0, 63, 2, 0, 0, 0, 192, 63),
      [2],
    ),
  },
  {
    title: "dict of arrays",
    mortise: { trace: wave, rate: 30_000, labels: ["a", "b"] },
    python: { trace: py.array(wave), rate: 30_000, labels: ["a", "b"] },
  },
];

/** Values without what one language remembers and the other doesn't say: the order of an array's memory. */
export function plain(value: unknown): unknown {
  if (value instanceof NDArray) return { dtype: value.dtype, shape: value.shape, items: value.toNested() };
  if (value instanceof RecordArray) {
    return { shape: value.shape, fields: [...value.fields].map(([name, column]) => [name, plain(column)]) };
  }
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object" || Object.getPrototypeOf(value) !== null) {
    return isRecord(value) ? plainRecord(value) : value;
  }
  return plainRecord(value as Record<string, unknown>);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;

const plainRecord = (value: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
