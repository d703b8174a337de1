import { dtypeOfData, isNDArray, type NDArray } from "@mortise/array";
import { code } from "../format/codes.ts";
import type { MatChar } from "../values/matlab.ts";
import { Tuple } from "../values/tuple.ts";
import { readArray } from "./arrays.ts";
import { readDict, readList, readSet } from "./containers.ts";
import { readDateTime } from "./dates.ts";
import { readCell, readSparse, readStruct } from "./matlab.ts";
import type { Reader } from "./reader.ts";
import { readRecords } from "./records.ts";
import { readBool, readComplex, readDecimal, readFloat, readInt, readUuid } from "./scalars.ts";

/**
 * The next value: one byte that says what it is, then its content. The header of the blob (`mYm` or `dj0`) plays no part, as
 * old releases wrote codes under either.
 */
export function readValue(reader: Reader): unknown {
  const found = reader.u8("a value");
  switch (found) {
    case code.none:
      return null;
    case code.bool:
      return readBool(reader);
    case code.int:
      return readInt(reader);
    case code.float:
      return readFloat(reader);
    case code.text:
      return reader.text(reader.word("the length of a text"), "a text");
    case code.bytes:
      return reader.copy(reader.word("the length of bytes"), "bytes");
    case code.list:
      return readList(reader);
    case code.tuple:
      return new Tuple(readList(reader));
    case code.set:
      return readSet(reader);
    case code.dict:
      return readDict(reader);
    case code.array:
      return simplify(reader, readArray(reader));
    case code.records:
      return readRecords(reader);
    case code.complex:
      return readComplex(reader);
    case code.decimal:
      return readDecimal(reader);
    case code.datetime:
      return readDateTime(reader);
    case code.uuid:
      return readUuid(reader);
    case code.cell:
      return readCell(reader);
    case code.struct:
      return readStruct(reader);
    case code.sparse:
      return readSparse(reader);
    default:
      throw reader.fail(`unknown structure code 0x${found.toString(16).padStart(2, "0")}`);
  }
}

/**
 * In the natural mapping, what was written from a bare typed array comes back as one. Bytes are the exception: a
 * `Uint8Array` is Python's `bytes`, so that an array of uint8 stays an array.
 */
function simplify(reader: Reader, array: NDArray | MatChar): unknown {
  if (reader.exact || !isNDArray(array)) return array;
  if (array.shape.length === 0 && reader.unwrap) return array.item();
  const bare = array.shape.length === 1 && array.dtype !== "uint8" && !array.complex;
  return bare && dtypeOfData(array.data) === array.dtype ? array.data : array;
}
