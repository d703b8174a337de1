import type { ArrayData, NumericData } from "./data.ts";
import { itemCount, type Order, type Shape, stridesOf } from "./shape.ts";

/**
 * A copy of the data in the other order. Moves bits, never numbers: an engine may change a NaN that it reads as one.
 * `unit` is the number of elements per item.
 */
export function reorder<Data extends ArrayData>(data: Data, shape: Shape, from: Order, unit: number): Data {
  const strides = stridesOf(shape, from);
  // Walking the target from start to end: its fastest index is the first one for F, the last one for C.
  const dimensions = shape.map((_, i) => i);
  if (from === "F") dimensions.reverse();
  if (Array.isArray(data)) {
    const result: unknown[] = Array.from({ length: data.length });
    walk(shape, dimensions, strides, (source, target) => {
      result[target] = data[source];
    });
    return result as Data;
  }
  const typed: NumericData = data;
  // A Buffer's own `slice` would be a view of the memory that is read.
  const result = typed instanceof Uint8Array ? new Uint8Array(typed) : typed.slice();
  const source = bits(typed);
  const target = bits(result);
  const each = (source.length / typed.length) * unit;
  walk(shape, dimensions, strides, (a, b) => {
    for (let i = 0; i < each; i++) target[b * each + i] = source[a * each + i] as number;
  });
  return result as Data;
}

/** Views of at most 32 bits: 64-bit integers would be made one object each. */
function bits(data: NumericData): Uint8Array | Uint16Array | Uint32Array {
  const { buffer, byteOffset, byteLength } = data;
  if (data.BYTES_PER_ELEMENT === 1) return new Uint8Array(buffer, byteOffset, byteLength);
  if (data.BYTES_PER_ELEMENT === 2) return new Uint16Array(buffer, byteOffset, byteLength / 2);
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}

/** Counts through the target from start to end, as an odometer does, and says where each item comes from. */
function walk(
  shape: Shape,
  dimensions: readonly number[],
  strides: readonly number[],
  move: (source: number, target: number) => void,
): void {
  const count = itemCount(shape);
  const index = shape.map(() => 0);
  let source = 0;
  for (let target = 0; target < count; target++) {
    move(source, target);
    for (const dimension of dimensions) {
      const stride = strides[dimension] as number;
      const next = (index[dimension] as number) + 1;
      if (next < (shape[dimension] as number)) {
        index[dimension] = next;
        source += stride;
        break;
      }
      index[dimension] = 0;
      source -= stride * (next - 1);
    }
  }
}
