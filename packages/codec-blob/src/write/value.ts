import { kindOf, type NDArray, type RecordArray } from "@mortise/array";
import { describe } from "../errors.ts";
import { code } from "../format/codes.ts";
import type { PyDate, PyDateTime, PyTime } from "../values/dates.ts";
import type { Decimal } from "../values/decimal.ts";
import type { MatCell, MatChar, MatSparse, MatStruct } from "../values/matlab.ts";
import type { Complex, PyFloat } from "../values/number.ts";
import type { RawDict, RawSet } from "../values/raw.ts";
import type { Tuple } from "../values/tuple.ts";
import type { Uuid } from "../values/uuid.ts";
import { writeArray, writeChars, writeTypedArray } from "./arrays.ts";
import { checkDistinct, writeDict, writeList, writeSet } from "./containers.ts";
import { writeDate, writeDateTime, writeTemporal } from "./dates.ts";
import { writeCell, writeSparse, writeStruct } from "./matlab.ts";
import { writeComplex, writeFloat, writeInt, writeNumber } from "./numbers.ts";
import { writeRecords } from "./records.ts";
import type { Writer } from "./writer.ts";

/** Any value, or an error that says where it is and what it was. */
export function writeValue(writer: Writer, value: unknown): void {
  switch (typeof value) {
    case "number":
      writeNumber(writer, value);
      break;
    case "string":
      writer.python();
      writer.u8(code.text);
      writer.text(value);
      break;
    case "boolean":
      writer.python();
      writer.u8(code.bool);
      writer.u8(value ? 1 : 0);
      break;
    case "bigint":
      writeInt(writer, value);
      break;
    case "object":
      if (value === null) {
        writer.python();
        writer.u8(code.none);
      } else if (!writeOwn(writer, value)) writePlatform(writer, value);
      break;
    case "undefined":
      throw writer.fail("undefined has no form in a blob", "leave it out, or use null for Python's None");
    default:
      throw writer.fail(`${describe(value)} has no form in a blob`);
  }
}

/** Values of this package and of `@mortise/array`, by what they say of themselves; false for all others. */
function writeOwn(writer: Writer, value: object): boolean {
  switch (kindOf(value)) {
    case "ndarray":
      writeArray(writer, value as NDArray);
      return true;
    case "records":
    case "structured":
      writeRecords(writer, value as RecordArray);
      return true;
    case "tuple":
      writeList(writer, (value as Tuple).items, code.tuple);
      return true;
    case "float":
      writeFloat(writer, value as PyFloat);
      return true;
    case "complex":
      writeComplex(writer, value as Complex);
      return true;
    case "decimal":
      writer.python();
      writer.u8(code.decimal);
      writer.text((value as Decimal).text);
      return true;
    case "uuid":
      writer.python();
      writer.u8(code.uuid);
      writer.raw((value as Uuid).bytes);
      return true;
    case "date":
      writeDateTime(writer, value as PyDate, undefined);
      return true;
    case "time":
      writeDateTime(writer, undefined, value as PyTime);
      return true;
    case "datetime":
      writeDateTime(writer, (value as PyDateTime).date, (value as PyDateTime).time);
      return true;
    case "cell":
      writeCell(writer, value as MatCell);
      return true;
    case "struct":
      writeStruct(writer, value as MatStruct);
      return true;
    case "char":
      writeChars(writer, value as MatChar);
      return true;
    case "sparse":
      writeSparse(writer, value as MatSparse);
      return true;
    case "dict":
      writeDict(writer, (value as RawDict).entries, value);
      return true;
    case "set":
      writeSet(writer, (value as RawSet).members, value);
      return true;
    default:
      return false;
  }
}

/** Values of the language, by their tag, which is the same in every realm. */
function writePlatform(writer: Writer, value: object): void {
  if (Array.isArray(value)) {
    writeList(writer, value, code.list);
    return;
  }
  if (ArrayBuffer.isView(value)) {
    if (!(value instanceof Uint8Array)) writeTypedArray(writer, value);
    else writeBytes(writer, value);
    return;
  }
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (tag === "Map") writeMap(writer, value as Map<unknown, unknown>);
  else if (tag === "Set") writeUnique(writer, value as Set<unknown>);
  else if (tag === "ArrayBuffer") writeBytes(writer, new Uint8Array(value as ArrayBuffer));
  else if (tag === "Date") writeDate(writer, value as Date);
  else if (tag.startsWith("Temporal.Plain")) writeTemporal(writer, value, tag);
  else writeObject(writer, value);
}

function writeBytes(writer: Writer, bytes: Uint8Array): void {
  if ((bytes.buffer as ArrayBuffer).detached) throw writer.fail("the memory of these bytes was transferred away");
  writer.python();
  writer.u8(code.bytes);
  writer.word(bytes.length);
  writer.raw(bytes);
}

function writeMap(writer: Writer, map: Map<unknown, unknown>): void {
  checkDistinct(writer, map.keys(), "key");
  writeDict(writer, [...map], map);
}

function writeUnique(writer: Writer, set: Set<unknown>): void {
  checkDistinct(writer, set, "member");
  writeSet(writer, [...set], set);
}

/** Only plain objects are dicts: of any other, what its class means would be lost. */
function writeObject(writer: Writer, value: object): void {
  const prototype = Object.getPrototypeOf(value) as object | null;
  // A plain object of another realm has a prototype without a prototype as well.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw writer.fail(
      `${describe(value)} has no form in a blob`,
      "give a plain object, Map, Set, list, typed array, NDArray, or one of the classes of @mortise/codec-blob",
    );
  }
  if (Object.getOwnPropertySymbols(value).some((symbol) => Object.prototype.propertyIsEnumerable.call(value, symbol))) {
    throw writer.fail("a dict can't have symbols as keys");
  }
  writeDict(writer, Object.entries(value), value);
}
