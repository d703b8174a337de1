import { type DataConstructor, dataConstructor, parseDType } from "@mortise/array";
import { rememberIndex } from "../float-memory.ts";
import { dtypeOfType } from "../format/array-types.ts";
import { joinPlanes } from "../format/planes.ts";
import { MatCell, MatSparse, MatStruct } from "../values/matlab.ts";
import { readShape } from "./arrays.ts";
import { readItems } from "./containers.ts";
import type { Reader } from "./reader.ts";

/**
 * A `C` value: shape, then an element for each item. MATLAB's arrays have at least two dimensions, Python's cells may have any
 * number. The shape of an empty cell is kept, which Python's reader does not do.
 */
export function readCell(reader: Reader): MatCell {
  const { shape, count } = readShape(reader);
  reader.claim(count, reader.wordSize + 1, "items");
  return new MatCell(readItems(reader, count), shape);
}

/**
 * An `S` value, by rows: the fields of one element after the other.
 *
 * ```text
 *       shape
 * u32   number of fields
 *       name and NUL         x number of fields
 *       element              x number of items * number of fields
 * ```
 *
 * Without fields, a shape may claim any number of items without any data: no row is made then.
 */
export function readStruct(reader: Reader): MatStruct {
  const { shape, count } = readShape(reader);
  const names = reader.names("struct");
  if (names.length === 0) {
    // Python appends a NUL here, which even it can't read back; MATLAB does not.
    if (reader.remaining === 1 && reader.bytes[reader.at] === 0) reader.at++;
    return new MatStruct(names, [], shape);
  }
  reader.claim(count, names.length * (reader.wordSize + 1), "elements");
  const rows: unknown[][] = [];
  for (let i = 0; i < count; i++) {
    reader.path.push(i);
    rows.push(readRow(reader, names));
    reader.path.pop();
  }
  return new MatStruct(names, rows, shape);
}

function readRow(reader: Reader, names: readonly string[]): unknown[] {
  const row: unknown[] = [];
  for (const [i, name] of names.entries()) {
    row.push(reader.element(name));
    rememberIndex(row, i, names.length, reader.takeHint());
  }
  return row;
}

/**
 * A `P` value, which nothing but MATLAB writes, compressed by column:
 *
 * ```text
 * word  rows, columns, room for entries
 * u32   type                 6 (double) or 3 (logical)
 * u32   complex
 * word  column pointer       x columns + 1, ascending from 0
 * word  row number           x room, from 0
 *       real parts           x room
 *       imaginary parts      x room, if complex
 * ```
 *
 * Entries behind the last column pointer are spare room with arbitrary content, so that only those before it are checked.
 */
export function readSparse(reader: Reader): MatSparse {
  const rows = reader.word("the number of rows");
  const columns = reader.word("the number of columns");
  const room = reader.word("the number of entries");
  const type = dtypeOfType(reader.u32("the type of a sparse matrix"));
  const complex = reader.u32("the complex flag");
  if ((type !== "float64" && type !== "bool") || complex > (type === "bool" ? 0 : 1)) {
    throw reader.fail("a sparse matrix holds doubles, complex doubles or logical values");
  }
  reader.claim(columns + 1, reader.wordSize, "column pointers");
  const jc = readWords(reader, columns + 1);
  reader.claim(room, reader.wordSize, "row numbers");
  const ir = readWords(reader, room);
  let last = 0;
  for (const [i, pointer] of jc.entries()) {
    if (pointer < last || pointer > room || (i === 0 && pointer !== 0)) {
      throw reader.fail(`column pointer ${pointer} of a sparse matrix is out of order`);
    }
    last = pointer;
  }
  if (ir.subarray(0, last).some((row) => row >= rows))
    throw reader.fail("a row number of a sparse matrix is too large");
  const dtype = complex === 1 ? "complex128" : type;
  const constructor = dataConstructor(parseDType(dtype)) as DataConstructor;
  const size = room * constructor.BYTES_PER_ELEMENT * (complex + 1);
  const bytes = complex === 1 ? joinPlanes(reader.take(size, "entries"), 8) : reader.copy(size, "entries");
  return new MatSparse({ rows, columns, jc, ir, dtype, data: new constructor(bytes.buffer) });
}

function readWords(reader: Reader, count: number): Float64Array {
  const words = new Float64Array(count);
  for (let i = 0; i < count; i++) words[i] = reader.word("an index");
  return words;
}
