import { kindOf } from "@mortise/array";
import { describe } from "../errors.ts";
import { code } from "../format/codes.ts";
import type { PyDate, PyDateTime, PyTime } from "../values/dates.ts";
import type { Decimal } from "../values/decimal.ts";
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

/**
 * Any value, or an error that says where it is and what it was. What comes back as something else is refused rather than
 * converted: a row that was inserted can't be asked what was meant.
 */
export function writeValue(writer: Writer, value: unknown): void {
  switch (typeof value) {
    case "number":
      writeNumber(writer, value);
      break;
    case "string":
      writer.scalar(code.text);
      writer.text(value);
      break;
    case "boolean":
      writer.scalar(code.bool);
      writer.u8(value ? 1 : 0);
      break;
    case "bigint":
      writeInt(writer, value);
      break;
    case "object":
      if (value === null) writer.scalar(code.none);
      else (own[kindOf(value) ?? ""] ?? writePlatform)(writer, value as never);
      break;
    case "undefined":
      throw writer.fail("undefined has no form in a blob", "leave it out, or use null for Python's None");
    default:
      throw writer.fail(`${describe(value)} has no form in a blob`);
  }
}

/** Values of this package and of `@mortise/array`, by what their class is marked with. */
const own: Readonly<Record<string, (writer: Writer, value: never) => void>> = {
  ndarray: writeArray,
  records: writeRecords,
  structured: writeRecords,
  tuple: (writer, value: Tuple) => writeList(writer, value.items, code.tuple),
  float: writeFloat,
  complex: writeComplex,
  decimal(writer, value: Decimal) {
    writer.scalar(code.decimal);
    writer.text(value.text);
  },
  uuid(writer, value: Uuid) {
    writer.scalar(code.uuid);
    writer.raw(value.bytes);
  },
  date: (writer, value: PyDate) => writeDateTime(writer, value, undefined),
  time: (writer, value: PyTime) => writeDateTime(writer, undefined, value),
  datetime: (writer, value: PyDateTime) => writeDateTime(writer, value.date, value.time),
  cell: writeCell,
  struct: writeStruct,
  char: writeChars,
  sparse: writeSparse,
  dict: (writer, value: RawDict) => writeDict(writer, value.entries, value),
  set: (writer, value: RawSet) => writeSet(writer, value.members, value),
};

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
  else writeObject(writer, value, tag);
}

/** Python's `bytes`. An array of uint8 is something else there, and has to be an `NDArray` here. */
function writeBytes(writer: Writer, bytes: Uint8Array): void {
  if ((bytes.buffer as ArrayBuffer).detached) throw writer.fail("the memory of these bytes was transferred away");
  writer.scalar(code.bytes);
  writer.word(bytes.length);
  writer.raw(bytes);
}

/** A map may have keys that are one key in Python, which an object can't. */
function writeMap(writer: Writer, map: Map<unknown, unknown>): void {
  checkDistinct(writer, map.keys(), "key");
  writeDict(writer, [...map], map);
}

/** The same for members. */
function writeUnique(writer: Writer, set: Set<unknown>): void {
  checkDistinct(writer, set, "member");
  writeSet(writer, [...set], set);
}

/** Only plain objects are dicts: of any other, what its class means would be lost. */
function writeObject(writer: Writer, value: object, tag: string): void {
  const prototype = Object.getPrototypeOf(value) as object | null;
  // A plain object of another realm has a prototype without a prototype as well.
  if (tag !== "Object" || (prototype !== null && Object.getPrototypeOf(prototype) !== null)) {
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
