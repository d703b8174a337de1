import { type Column, isNDArray, kindOf, RecordArray, type StructuredArray } from "@mortise/array";
import { describe } from "../errors.ts";
import { code } from "../format/codes.ts";
import type { MatChar } from "../values/matlab.ts";
import { writeArray, writeChars } from "./arrays.ts";
import type { Writer } from "./writer.ts";

/**
 * Names of all fields, then a whole array for each of them. Packed records are taken apart into columns; alignment, padding and
 * titles have no form in a blob, nor in what Python reads.
 */
export function writeRecords(writer: Writer, given: RecordArray | StructuredArray): void {
  const records = byColumn(writer, given);
  if (records.fields.size === 0) throw writer.fail("a record array needs at least one field");
  writer.scalar(code.records);
  writer.u32(records.fields.size);
  for (const name of records.fields.keys()) writer.name(name);
  for (const [name, column] of records.fields) writer.inner(name, column, writeColumn);
}

/** Columns have no length in front, unlike all other parts. */
function writeColumn(writer: Writer, column: Column): void {
  const kind = kindOf(column);
  if (isNDArray(column)) writeArray(writer, column);
  else if (kind === "records" || kind === "structured") writeRecords(writer, column as RecordArray | StructuredArray);
  else if (kind === "char") writeChars(writer, column as MatChar);
  else throw writer.fail(`a field of a record is an NDArray, a RecordArray or a MatChar, got ${describe(column)}`);
}

/** Packed records hold what the format has no form for as well; the error then names the field. */
function byColumn(writer: Writer, given: RecordArray | StructuredArray): RecordArray {
  try {
    return kindOf(given) === "structured"
      ? (given as StructuredArray).toRecords()
      : new RecordArray((given as RecordArray).fields, given.shape);
  } catch (error) {
    throw writer.fail((error as Error).message);
  }
}
