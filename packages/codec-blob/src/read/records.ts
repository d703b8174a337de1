import { type Column, RecordArray } from "@mortise/array";
import { code } from "../format/codes.ts";
import { readArray } from "./arrays.ts";
import type { Reader } from "./reader.ts";

/** An `F` value: field names, then a whole array for each of them, without lengths in front. */
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

function readColumn(reader: Reader): Column {
  const found = reader.u8("a field");
  if (found === code.array) return readArray(reader);
  if (found === code.records) return readRecords(reader);
  throw reader.fail(`a field of a record is an array, found structure code 0x${found.toString(16).padStart(2, "0")}`);
}
