import {
  type ArrayData,
  type DataConstructor,
  dataConstructor,
  formatShape,
  NDArray,
  parseDType,
} from "@mortise/array";
import { charType, complexDType, dtypeOfType, objectType } from "../format/array-types.ts";
import { joinPlanes } from "../format/planes.ts";
import { MatChar } from "../values/matlab.ts";
import { readItems } from "./containers.ts";
import type { Reader } from "./reader.ts";

/**
 * Dimensions of an array, cell or struct:
 *
 * ```text
 * word  number of dimensions, at most 64
 * word  dimension                          x that number
 * ```
 *
 * `count`, the number of items, is not yet compared with anything: the caller knows how many bytes an item takes at least.
 */
export function readShape(reader: Reader): { readonly shape: number[]; readonly count: number } {
  const dimensions = reader.word("the number of dimensions");
  if (dimensions > 64) throw reader.fail(`an array has at most 64 dimensions, found ${dimensions}`);
  reader.claim(dimensions, reader.wordSize, "dimensions");
  const shape: number[] = [];
  let product = 1;
  for (let i = 0; i < dimensions; i++) {
    const length = reader.word("a dimension");
    shape.push(length);
    // Zeros are left out: a shape that can't be must not pass because it is empty.
    if (length > 0) product *= length;
    if (product > Number.MAX_SAFE_INTEGER) throw reader.fail(`shape ${formatShape(shape)} has too many items`);
  }
  return { shape, count: shape.includes(0) ? 0 : product };
}

/**
 * An `A` value, in Fortran order:
 *
 * ```text
 *       shape
 * u32   type                 see format/array-types.ts
 * u32   complex              0 or 1
 *       items                numbers: all real parts, then all imaginary parts
 *                            characters: UTF-16 units
 *                            objects: elements with their length in front
 * ```
 *
 * There is no length: the extent follows from shape and type, and so is compared with what remains before anything is made.
 */
export function readArray(reader: Reader): NDArray | MatChar {
  const { shape, count } = readShape(reader);
  const type = reader.u32("an array's type");
  const complex = reader.u32("the complex flag");
  const dtype = dtypeOfType(type);
  if (complex > 1) throw reader.fail(`the complex flag is 0 or 1, found ${complex}`);
  if (complex === 1 && (dtype === undefined || dtype === "bool" || dtype.startsWith("datetime64"))) {
    throw reader.fail(`an array of type ${type} can't be complex`);
  }
  if (type === charType) return new MatChar(new Uint16Array(reader.copy(2 * count, "an array").buffer), shape);
  if (type === objectType) {
    reader.claim(count, reader.wordSize + 1, "items");
    return new NDArray(readItems(reader, count), { shape, dtype: "object", order: "F" });
  }
  if (dtype === undefined) throw reader.fail(`unknown array type ${type}`);
  const constructor = dataConstructor(parseDType(dtype)) as DataConstructor;
  const part = constructor.BYTES_PER_ELEMENT;
  const size = count * part * (complex + 1);
  reader.need(size, `an array of ${dtype} with shape ${formatShape(shape)}`);
  const bytes = complex === 1 ? joinPlanes(reader.take(size, "an array"), part) : reader.copy(size, "an array");
  const data: ArrayData = new constructor(bytes.buffer);
  const name = complex === 1 ? complexDType(dtype) : dtype;
  return new NDArray(data, { shape, dtype: name, order: "F", complex: complex === 1 });
}
