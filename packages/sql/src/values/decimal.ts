import { describe, refuse } from "../errors.ts";
import type { DecimalType } from "../types/column-type.ts";

const pattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

/** A decimal number as its exact digits. */
interface Digits {
  readonly negative: boolean;
  /** Without leading zeros; empty for numbers below one. */
  readonly whole: string;
  /** Without zeros at the end. */
  readonly fraction: string;
}

/** Exact digits of decimal text; undefined for what is none. */
export function parseDecimalText(text: string): Digits | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  let whole = match[2] ?? "";
  let fraction = match[3] ?? "";
  if (whole === "" && fraction === "") return undefined;
  const exponent = Number(match[4] ?? 0);
  if (exponent > 0) {
    const moved = fraction.padEnd(exponent, "0");
    whole += moved.slice(0, exponent);
    fraction = moved.slice(exponent);
  } else if (exponent < 0) {
    const moved = whole.padStart(-exponent, "0");
    fraction = moved.slice(moved.length + exponent) + fraction;
    whole = moved.slice(0, moved.length + exponent);
  }
  return {
    negative: match[1] === "-",
    whole: whole.replace(/^0+/, ""),
    fraction: fraction.replace(/0+$/, ""),
  };
}

function numberText(value: unknown): string {
  if (typeof value === "string" || typeof value === "bigint") return String(value);
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  throw refuse("wrong-type", `decimal expects decimal text or a number, got ${describe(value)}`);
}

/**
 * Text is exact. A number counts as the digits JavaScript prints for it, so `0.1` is exactly one tenth; nothing is
 * ever rounded.
 */
export function decimalAcceptor(type: DecimalType): (value: unknown) => string {
  const wholeDigits = type.precision - type.scale;
  return (value) => {
    const digits = parseDecimalText(numberText(value));
    if (digits === undefined)
      throw refuse("malformed", `${type.text} expects a decimal number, got ${describe(value)}`);
    if (digits.fraction.length > type.scale) {
      throw refuse(
        "too-many-digits",
        `${type.text} has ${type.scale} digits after the point, got ${describe(value)}`,
        "round it first, for example with toFixed()",
      );
    }
    if (digits.whole.length > wholeDigits) {
      throw refuse("out-of-range", `${type.text} has ${wholeDigits} digits before the point, got ${describe(value)}`);
    }
    return format(digits, type.scale);
  };
}

function format({ negative, whole, fraction }: Digits, scale: number): string {
  const sign = negative && (whole !== "" || fraction !== "") ? "-" : "";
  const integer = whole === "" ? "0" : whole;
  return scale === 0 ? sign + integer : `${sign}${integer}.${fraction.padEnd(scale, "0")}`;
}
