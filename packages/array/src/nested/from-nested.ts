import { dataConstructor, type NumericData } from "../data.ts";
import { parseDType } from "../dtype/dtype.ts";
import { numberToHalf } from "../float16.ts";
import { NDArray } from "../ndarray.ts";
import { itemCount } from "../shape.ts";

/**
 * An array in C order from lists of lists: `fromNested([[1, 2], [3, 4]], "int16")`. Throws a `TypeError` for lists of
 * unequal length and for items that the dtype can't hold exactly as given (300 for int8, 0.5 for an integer).
 * Text, byte strings and structured types are not made this way.
 */
export function fromNested(nested: unknown, dtype = "float64"): NDArray {
  const type = parseDType(dtype);
  const shape: number[] = [];
  for (let level = nested; Array.isArray(level); level = level[0]) shape.push(level.length);
  const items = collect(nested, shape);
  if (type.kind === "O") return new NDArray(items, { shape, dtype });
  const constructor = dataConstructor(type);
  if (constructor === undefined || !"biufcMm".includes(type.kind)) {
    throw new TypeError(`arrays of ${dtype} can't be made from lists: give the data`);
  }
  const complex = type.kind === "c";
  const data = new constructor(complex ? items.length * 2 : items.length);
  for (const [i, item] of items.entries()) {
    if (complex) {
      const { re, im } = typeof item === "number" ? { re: item, im: 0 } : (item as { re: number; im: number });
      store(data, 2 * i, re, dtype);
      store(data, 2 * i + 1, im, dtype);
    } else if (type.kind === "b") {
      if (typeof item !== "boolean") throw new TypeError(`bool can't hold ${String(item)}`);
      data[i] = Number(item);
    } else if (type.kind === "f" && type.itemsize === 2) {
      if (typeof item !== "number") throw new TypeError(`float16 can't hold ${String(item)}`);
      data[i] = numberToHalf(item);
    } else {
      store(data, i, item, dtype);
    }
  }
  return new NDArray(data, { shape, dtype });
}

/** Floats are rounded to their precision, as everywhere; integers must arrive unchanged. */
function store(data: NumericData, position: number, item: unknown, dtype: string): void {
  const big = data instanceof BigInt64Array || data instanceof BigUint64Array;
  const value = big && typeof item === "number" && Number.isSafeInteger(item) ? BigInt(item) : item;
  if (typeof value !== (big ? "bigint" : "number")) throw new TypeError(`${dtype} can't hold ${String(item)}`);
  (data as { [index: number]: unknown })[position] = value;
  const rounded = data instanceof Float32Array || data instanceof Float64Array;
  if (!rounded && data[position] !== value) throw new TypeError(`${dtype} can't hold ${String(item)}`);
}

/** All items in C order; every list of a dimension must be as long as the first one of it. */
function collect(nested: unknown, shape: readonly number[]): unknown[] {
  const items: unknown[] = [];
  const visit = (level: unknown, dimension: number): void => {
    if (dimension === shape.length) {
      if (Array.isArray(level)) throw new TypeError("lists are nested to different depths");
      items.push(level);
      return;
    }
    if (!Array.isArray(level) || level.length !== shape[dimension]) {
      throw new TypeError(`dimension ${dimension} has lists of different lengths`);
    }
    for (const inner of level) visit(inner, dimension + 1);
  };
  itemCount(shape);
  visit(nested, 0);
  return items;
}
