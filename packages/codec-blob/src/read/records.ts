import { type Column, RecordArray } from "@mortise/array";
import { code } from "../format/codes.ts";
import { readArray } from "./arrays.ts";
import type { Reader } from "./reader.ts";

/**
 * An `F` value, by columns:
 *
 * ```text
 * u32   number of fields     at least 1
 *       name and NUL         x number of fields
 *       A or F value         x number of fields, without lengths in front
 * ```
 *
 * There is no shape of the whole: it is that of the column with the fewest dimensions, and the others must begin with it
 * (what they have more is a subarray in each record). Anything else is an error, where Python would stretch a column silently.
 */
export function readRecords(reader: Reader): RecordArray {
  const names = reader.names("record");
  if (names.length === 0) throw reader.fail("a record array without fields");
  const columns = names.map((name) => [name, reader.inner(name, readColumn) as Column] as const);
  try {
    return new RecordArray(columns);
  } catch (error) {
    throw reader.fail((error as RangeError).message);
  }
}

/** Only arrays and records can be columns; a text here is damage. */
function readColumn(reader: Reader): Column {
  const found = reader.u8("a field");
  if (found === code.array) return readArray(reader);
  if (found === code.records) return readRecords(reader);
  throw reader.fail(`a field of a record is an array, found structure code 0x${found.toString(16).padStart(2, "0")}`);
}
