/**
 * Which typed array holds which dtype. Data in memory is always in the host's byte order; JavaScript values per item are only
 * made when an item is asked for.
 */
import type { SimpleDType } from "./dtype/dtype.ts";

/** What holds the items of a numeric array. */
export type NumericData =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** What holds the items of any array: typed data, or one JavaScript value per item for dtype `object`. */
export type ArrayData = NumericData | unknown[];

/** Makes typed data over a buffer. */
export interface DataConstructor {
  readonly BYTES_PER_ELEMENT: number;
  readonly name: string;
  new (length: number): NumericData;
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): NumericData;
}

const constructors: Readonly<Record<string, DataConstructor>> = {
  b1: Uint8Array,
  i1: Int8Array,
  i2: Int16Array,
  i4: Int32Array,
  i8: BigInt64Array,
  u1: Uint8Array,
  u2: Uint16Array,
  u4: Uint32Array,
  u8: BigUint64Array,
  f2: Uint16Array,
  f4: Float32Array,
  f8: Float64Array,
  c8: Float32Array,
  c16: Float64Array,
  M8: BigInt64Array,
  m8: BigInt64Array,
};

/**
 * The typed array for a dtype: `Uint8Array` for bool, raw `Uint16Array` for float16, interleaved pairs for complex,
 * `BigInt64Array` for dates, code points (`Uint32Array`) for text and bytes for byte strings and raw items.
 * Undefined where no typed array will do (`object`, extended precision).
 */
export function dataConstructor(dtype: SimpleDType): DataConstructor | undefined {
  if (dtype.kind === "U") return Uint32Array;
  if (dtype.kind === "S" || dtype.kind === "V") return Uint8Array;
  return constructors[`${dtype.kind}${dtype.itemsize}`];
}

/** How many elements of the typed array make one item: 2 for complex numbers, the width for text and bytes. */
export function elementsPerItem(dtype: SimpleDType): number {
  if (dtype.kind === "c") return 2;
  if (dtype.kind === "U") return dtype.itemsize / 4;
  if (dtype.kind === "S" || dtype.kind === "V") return dtype.itemsize;
  return 1;
}

/** Clamped bytes and views are missing on purpose: they say nothing of what they hold. */
const names: Readonly<Record<string, string>> = {
  Int8Array: "int8",
  Uint8Array: "uint8",
  Int16Array: "int16",
  Uint16Array: "uint16",
  Int32Array: "int32",
  Uint32Array: "uint32",
  BigInt64Array: "int64",
  BigUint64Array: "uint64",
  Float32Array: "float32",
  Float64Array: "float64",
};

/** `list`, or the class of a typed array by its tag, which is the same in every realm. */
export function dataName(data: unknown): string {
  if (Array.isArray(data)) return "list";
  return ArrayBuffer.isView(data) ? ((data as Uint8Array)[Symbol.toStringTag] ?? "DataView") : typeof data;
}

/** The dtype that a bare typed array stands for; undefined for `Uint8ClampedArray`, `DataView` and everything else. */
export function dtypeOfData(data: unknown): string | undefined {
  return names[dataName(data)];
}
