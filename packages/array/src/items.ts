import { type ArrayData, elementsPerItem } from "./data.ts";
import type { SimpleDType } from "./dtype/dtype.ts";
import { halfToNumber } from "./float16.ts";

/** Real and imaginary part of one item of a complex array. */
export interface ComplexItem {
  readonly re: number;
  readonly im: number;
}

/**
 * What one item of an array is to JavaScript: number, bigint (64-bit integers, and dates as counts of their unit since
 * 1970), boolean, string, {@link ComplexItem}, bytes, or anything for dtype `object`.
 */
export type ArrayItem = unknown;

/** The item at a position of the data, as the nearest JavaScript value: raw items and byte strings are copies. */
export function readItem(data: ArrayData, dtype: SimpleDType, complex: boolean, position: number): ArrayItem {
  if (complex) return { re: Number(data[2 * position]), im: Number(data[2 * position + 1]) } satisfies ComplexItem;
  switch (dtype.kind) {
    case "b":
      return data[position] !== 0;
    case "f":
      return dtype.itemsize === 2 ? halfToNumber(data[position] as number) : data[position];
    case "U":
      return textItem(data as Uint32Array, position, elementsPerItem(dtype));
    case "S":
      return trimmed(bytesItem(data as Uint8Array, position, dtype.itemsize));
    case "V":
      return bytesItem(data as Uint8Array, position, dtype.itemsize);
    default:
      return data[position];
  }
}

/** Zeros at the end are no part of a text; a code point beyond Unicode is damage and throws a `RangeError`. */
function textItem(data: Uint32Array, position: number, width: number): string {
  let end = (position + 1) * width;
  while (end > position * width && data[end - 1] === 0) end--;
  let text = "";
  for (let i = position * width; i < end; i++) text += String.fromCodePoint(data[i] as number);
  return text;
}

function bytesItem(data: Uint8Array, position: number, width: number): Uint8Array {
  return new Uint8Array(data.subarray(position * width, (position + 1) * width));
}

function trimmed(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end);
}
