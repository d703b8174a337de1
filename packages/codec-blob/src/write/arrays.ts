import { dtypeName, dtypeOfData, NDArray, type NumericData, parseDType, type Shape } from "@mortise/array";
import { charType, objectType, typeOfDType } from "../format/array-types.ts";
import { code } from "../format/codes.ts";
import { splitPlanes } from "../format/planes.ts";
import type { MatChar } from "../values/matlab.ts";
import { writeItems } from "./containers.ts";
import type { Writer } from "./writer.ts";

/**
 * A bare typed array, which is a NumPy array of one dimension. The bytes are copied as they are, never item by item: an engine
 * may change a NaN that it handles as a number.
 */
export function writeTypedArray(writer: Writer, data: ArrayBufferView): void {
  const dtype = dtypeOfData(data);
  if (dtype === undefined) {
    throw writer.fail(`${data.constructor.name} has no form in a blob`, "use a Uint8Array for bytes, or an NDArray");
  }
  const bytes = bytesOf(writer, data);
  writeHeader(writer, [(data as NumericData).length], typeOfDType(dtype) as number, false);
  writer.raw(bytes);
}

/**
 * An array of any dtype that the format has, always in Fortran order. Which header the blob gets depends on it: MATLAB knows
 * numeric arrays with dimensions, and characters; scalars, dates and objects are Python's.
 */
export function writeArray(writer: Writer, given: NDArray): void {
  const array = checked(writer, given);
  const dtype = parseDType(array.dtype);
  const ordered = array.toOrder("F");
  if (dtype.kind === "O" || dtype.kind === "U") {
    writer.python();
    writeHeader(writer, array.shape, objectType, false);
    writeItems(writer, dtype.kind === "U" ? ordered.items() : (ordered.data as unknown[]));
    return;
  }
  const data = ordered.data as NumericData;
  if (dtype.kind === "S" && dtype.itemsize === 1) {
    writeUnits(writer, Uint16Array.from(data as Uint8Array), array.shape);
    return;
  }
  const part = dtype.kind === "c" ? { kind: "f" as const, itemsize: dtype.itemsize / 2 } : dtype;
  // Data in memory is native whatever the dtype says of a file, so that a big-endian array needs no swap.
  const type = typeOfDType(dtypeName({ ...part, byteOrder: "<" }));
  if (type === undefined) {
    throw writer.fail(
      `an array of ${array.dtype} has no form in a blob`,
      hints[dtype.kind] ?? "<npy@> keeps every dtype",
    );
  }
  const bytes = bytesOf(writer, data);
  if (array.shape.length === 0 || dtype.kind === "M") writer.python();
  writeHeader(writer, array.shape, type, array.complex);
  if (!array.complex) {
    writer.raw(bytes);
    return;
  }
  writer.reserve(bytes.length);
  splitPlanes(bytes, data.BYTES_PER_ELEMENT, writer.bytes.subarray(writer.at, writer.at + bytes.length));
  writer.at += bytes.length;
}

const hints: Readonly<Record<string, string>> = {
  f: "convert it first (halvesToFloat32 of @mortise/array), or use <npy@>, which keeps every dtype",
  M: "give the unit without a multiple, for example datetime64[s], or use <npy@>",
};

/** MATLAB's characters. */
export function writeChars(writer: Writer, chars: MatChar): void {
  writeUnits(writer, chars.units, chars.shape);
}

/** Number of dimensions and the dimensions themselves. */
export function writeShape(writer: Writer, shape: Shape): void {
  writer.word(shape.length);
  for (const length of shape) writer.word(length);
}

/** Memory that was handed to a worker has length 0 here: writing it would lose the data without a word. */
function bytesOf(writer: Writer, data: ArrayBufferView): Uint8Array {
  if ((data.buffer as ArrayBuffer).detached) throw writer.fail("the memory of this array was transferred away");
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Lists change after an array was made of them; a wrong length would make a blob that nobody can read. */
function checked(writer: Writer, { data, shape, dtype, order, complex }: NDArray): NDArray {
  try {
    return new NDArray(data, { shape, dtype, order, complex });
  } catch (error) {
    throw writer.fail((error as Error).message);
  }
}

function writeUnits(writer: Writer, units: Uint16Array, shape: Shape): void {
  const bytes = bytesOf(writer, units);
  writeHeader(writer, shape, charType, false);
  writer.raw(bytes);
}

function writeHeader(writer: Writer, shape: Shape, type: number, complex: boolean): void {
  writer.u8(code.array);
  writeShape(writer, shape);
  writer.u32(type);
  writer.u32(complex ? 1 : 0);
}
