import { code } from "../format/codes.ts";
import type { Complex, PyFloat } from "../values/number.ts";
import type { Writer } from "./writer.ts";

/**
 * In the natural mapping a safe integer is an int, in the exact one every number is a float. Above 2^53 a number is a float in
 * both: it can't have been meant exactly. -0 is a float, because an int would lose the sign.
 */
export function writeNumber(writer: Writer, value: number): void {
  writer.python();
  if (writer.options.mapping === "natural" && Number.isSafeInteger(value) && !Object.is(value, -0)) {
    writeSafeInt(writer, value);
    return;
  }
  writer.u8(code.float);
  writer.reserve(8);
  writer.view.setFloat64(writer.at, value, true);
  // Engines may keep any bits in a NaN; equal values must give equal bytes.
  if (Number.isNaN(value)) writer.view.setBigUint64(writer.at, 0x7ff8000000000000n, true);
  writer.at += 8;
}

/** The bits of a marked float. */
export function writeFloat(writer: Writer, value: PyFloat): void {
  writer.scalar(code.float);
  writer.raw(new Uint8Array(value.data.buffer, value.data.byteOffset, 8));
}

/** The bits of both parts. */
export function writeComplex(writer: Writer, value: Complex): void {
  writer.scalar(code.complex);
  writer.raw(new Uint8Array(value.data.buffer, value.data.byteOffset, 16));
}

/**
 * Two's complement in as many bytes as Python takes, `floor(bits / 8) + 1` of the absolute value: one more than needed for
 * -128, -32768 and so on. The same integer must give the same bytes in both languages, or it would be stored twice.
 */
export function writeInt(writer: Writer, value: bigint): void {
  const small = Number(value);
  if (Number.isSafeInteger(small)) {
    writeSafeInt(writer, small);
    return;
  }
  const size = value < 0n ? -value : value;
  const hex = size.toString(16);
  const bits = 4 * (hex.length - 1) + (32 - Math.clz32(Number.parseInt(hex[0] as string, 16)));
  const length = Math.floor(bits / 8) + 1;
  if (length > 65535) throw writer.fail(`an integer takes at most 65535 bytes, this one needs ${length}`);
  writer.scalar(code.int);
  writer.u16(length);
  writer.reserve(length);
  const digits = BigInt.asUintN(8 * length, value)
    .toString(16)
    .padStart(2 * length, "0");
  for (let i = 0; i < length; i++) {
    const end = digits.length - 2 * i;
    writer.bytes[writer.at++] = Number.parseInt(digits.slice(end - 2, end), 16);
  }
}

/** The same form without `bigint`, which would take ten times as long. */
function writeSafeInt(writer: Writer, value: number): void {
  writer.python();
  const size = Math.abs(value);
  const bits = size < 2 ** 32 ? 32 - Math.clz32(size) : 64 - Math.clz32(Math.floor(size / 2 ** 32));
  const length = Math.floor(bits / 8) + 1;
  writer.u8(code.int);
  writer.u16(length);
  // Room for all eight bytes; the next value overwrites those that are too many.
  writer.reserve(8);
  const high = Math.floor(value / 2 ** 32);
  writer.view.setUint32(writer.at, value - high * 2 ** 32, true);
  writer.view.setInt32(writer.at + 4, high, true);
  writer.at += length;
}
