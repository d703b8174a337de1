import { itemCount } from "@mortise/array";
import { recall, recallIndex } from "../float-memory.ts";
import { code } from "../format/codes.ts";
import { splitPlanes } from "../format/planes.ts";
import type { MatCell, MatSparse, MatStruct } from "../values/matlab.ts";
import { writeShape } from "./arrays.ts";
import { writeItems } from "./containers.ts";
import type { Writer } from "./writer.ts";

/** A cell array. MATLAB can read the blob only if all its items are MATLAB's too: arrays, characters, cells, structs. */
export function writeCell(writer: Writer, cell: MatCell): void {
  checkCount(writer, cell.shape, cell.items.length);
  writer.u8(code.cell);
  writeShape(writer, cell.shape);
  writeItems(writer, cell.items);
}

/** A struct array, row by row; without fields nothing follows the names, as MATLAB has it. */
export function writeStruct(writer: Writer, struct: MatStruct): void {
  const { fields, rows } = struct;
  if (fields.length > 0) checkCount(writer, struct.shape, rows.length);
  if (new Set(fields).size !== fields.length) throw writer.fail("a struct has two fields of one name");
  writer.u8(code.struct);
  writeShape(writer, struct.shape);
  writer.u32(fields.length);
  for (const name of fields) writer.name(name);
  if (fields.length === 0) return;
  for (const [i, row] of rows.entries()) {
    const places = recall(row);
    writer.path.push(i);
    if (row.length !== fields.length)
      throw writer.fail(`a struct of ${fields.length} fields has a row of ${row.length} values`);
    for (const [f, name] of fields.entries()) writer.element(name, recallIndex(places, f, row[f]));
    writer.path.pop();
  }
}

/** A sparse matrix, which only MATLAB can read: refused unless that was asked for, as a Python reader would fail on the row. */
export function writeSparse(writer: Writer, sparse: MatSparse): void {
  if (!writer.options.sparse) {
    throw writer.fail("Python can't read sparse matrices", "sparse: true writes it for MATLAB");
  }
  const complex = sparse.dtype === "complex128";
  const parts = sparse.ir.length * (complex ? 2 : 1);
  if (sparse.jc.length !== sparse.columns + 1 || sparse.data.length !== parts) {
    throw writer.fail("a sparse matrix needs a column pointer more than columns, and as many values as row numbers");
  }
  writer.u8(code.sparse);
  writer.word(sparse.rows);
  writer.word(sparse.columns);
  writer.word(sparse.ir.length);
  writer.u32(sparse.dtype === "bool" ? 3 : 6);
  writer.u32(complex ? 1 : 0);
  for (const pointer of sparse.jc) writer.word(pointer);
  for (const row of sparse.ir) writer.word(row);
  const bytes = new Uint8Array(sparse.data.buffer, sparse.data.byteOffset, sparse.data.byteLength);
  if (!complex) {
    writer.raw(bytes);
    return;
  }
  writer.reserve(bytes.length);
  splitPlanes(bytes, 8, writer.bytes.subarray(writer.at, writer.at + bytes.length));
  writer.at += bytes.length;
}

/** Lists change after a cell or struct was made of them. */
function checkCount(writer: Writer, shape: readonly number[], count: number): void {
  if (itemCount(shape) !== count) throw writer.fail(`the shape needs ${itemCount(shape)} items, found ${count}`);
}
