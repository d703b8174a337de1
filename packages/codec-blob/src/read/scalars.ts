/**
 * Values that hold no others. Lengths are checked by the reader's `take`; what the bytes mean is checked here, so that no
 * value leaves this module that Python could not have written.
 */
import { Decimal } from "../values/decimal.ts";
import { Complex, PyFloat } from "../values/number.ts";
import { Uuid } from "../values/uuid.ts";
import type { Reader } from "./reader.ts";

/**
 * A length in two bytes, then two's complement, little-endian; longer forms than needed are read as well. Up to six bytes fit
 * a number exactly and are by far the most frequent, so that they don't go through `bigint`.
 */
export function readInt(reader: Reader): number | bigint {
  const length = reader.u16("the length of an integer");
  if (length === 0) throw reader.fail("an integer of 0 bytes has no value");
  const bytes = reader.take(length, "an integer");
  if (length <= 6) {
    let value = 0;
    for (let i = length - 1; i >= 0; i--) value = value * 256 + (bytes[i] as number);
    if ((bytes[length - 1] as number) >= 128) value -= 2 ** (8 * length);
    return reader.exact ? BigInt(value) : value;
  }
  let hex = "0x";
  for (let i = length - 1; i >= 0; i--) hex += (bytes[i] as number).toString(16).padStart(2, "0");
  const value = BigInt.asIntN(8 * length, BigInt(hex));
  const small = Number(value);
  return !reader.exact && Number.isSafeInteger(small) ? small : value;
}

/** A bool is one byte, 0 or 1. */
export function readBool(reader: Reader): boolean {
  const value = reader.u8("a bool");
  if (value > 1) throw reader.fail(`a bool is 0 or 1, found ${value}`);
  return value === 1;
}

/**
 * Eight bytes. What the number alone would be written differently from is a `PyFloat` in the exact mapping and a hint to the
 * container in the natural one: integral floats there, and in both any NaN that is not the common one.
 */
export function readFloat(reader: Reader): number | PyFloat {
  reader.need(8, "a float");
  const { view, at } = reader;
  const value = view.getFloat64(at, true);
  if (Number.isNaN(value) && (view.getUint32(at, true) !== 0 || view.getUint32(at + 4, true) !== 0x7ff80000)) {
    const float = new PyFloat(new Float64Array(reader.copy(8, "a float").buffer));
    if (reader.exact) return float;
    reader.hint = float;
    return value;
  }
  reader.at += 8;
  if (!reader.exact && Number.isSafeInteger(value)) reader.hint = value;
  return value;
}

/** Two doubles. */
export function readComplex(reader: Reader): Complex {
  return new Complex(new Float64Array(reader.copy(16, "a complex number").buffer));
}

/** The text is checked against what `str()` gives: Python's parser also takes `1_000` and other digits, which no writer makes. */
export function readDecimal(reader: Reader): Decimal {
  const text = reader.text(reader.word("the length of a decimal"), "a decimal");
  try {
    return new Decimal(text);
  } catch (error) {
    throw reader.fail((error as RangeError).message);
  }
}

/** 16 bytes in the order of the text, unlike Windows' GUIDs. */
export function readUuid(reader: Reader): Uuid {
  return new Uuid(reader.copy(16, "a UUID"));
}
