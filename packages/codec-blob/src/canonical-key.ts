/**
 * Python's equality of dict keys and set members. `1`, `1.0`, `True`, `Decimal(1)` and `1+0j` are one key there and
 * several in a `Map`: whoever writes them all would lose all but one.
 */
import { isNDArray, kindOf } from "@mortise/array";
import type { PyDate, PyDateTime, PyTime } from "./values/dates.ts";
import type { Decimal } from "./values/decimal.ts";
import type { MatChar } from "./values/matlab.ts";
import type { Complex, PyFloat } from "./values/number.ts";
import type { RawSet } from "./values/raw.ts";
import type { Tuple } from "./values/tuple.ts";
import type { Uuid } from "./values/uuid.ts";

let nans = 0;

/** The same text for values that Python takes for the same key; undefined for values that can't be keys in Python. */
export function canonicalKey(value: unknown): string | undefined {
  switch (typeof value) {
    case "string":
      return `s${value}`;
    case "number":
      return numberKey(value);
    case "bigint":
      // Decimal digits of a huge integer take long, and no float equals it.
      return BigInt.asIntN(4096, value) === value ? decimalKey(value.toString(), 0) : `x${value.toString(16)}`;
    case "boolean":
      return value ? "n1e0" : "n0";
    case "object":
      return objectKey(value);
    default:
      return undefined;
  }
}

function objectKey(value: object | null): string | undefined {
  if (value === null) return "none";
  if (value instanceof Uint8Array) return `b${latin1(value)}`;
  if (value instanceof Set) return membersKey(value);
  switch (kindOf(value)) {
    case "float":
      return numberKey((value as PyFloat).valueOf());
    case "complex":
      return complexKey(value as Complex);
    case "decimal":
      return textKey((value as Decimal).text);
    case "tuple":
      return listKey((value as Tuple).items, "t");
    case "date":
    case "time":
    case "datetime":
      return `d${(value as PyDate | PyTime | PyDateTime).toString()}`;
    case "uuid":
      return `u${(value as Uuid).toString()}`;
    case "set":
      return membersKey((value as RawSet).members);
    case "ndarray":
      return scalarKey(value);
    case "char":
      return (value as MatChar).shape.length === 0 ? `s${(value as MatChar).toString()}` : undefined;
    default:
      return undefined;
  }
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  // In pieces: the arguments of one call have a limit.
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return text;
}

/** Only NumPy scalars can be keys; they equal the plain number. */
function scalarKey(value: object): string | undefined {
  if (!isNDArray(value) || value.shape.length > 0 || value.dtype === "object") return undefined;
  const item = value.item();
  if (value.dtype.startsWith("datetime64")) return `D${value.dtype}${String(item)}`;
  if (value.complex) return complexKey(item as Complex);
  return canonicalKey(item);
}

/** A complex number without imaginary part equals the real one. */
function complexKey({ re, im }: { readonly re: number; readonly im: number }): string {
  return im === 0 ? numberKey(re) : `c${numberKey(re)},${numberKey(im)}`;
}

/** NaN equals nothing, not even itself: each gets a key of its own. */
function numberKey(value: number): string {
  if (Number.isNaN(value)) return `nan${nans++}`;
  if (!Number.isFinite(value)) return `n${value}`;
  if (Number.isInteger(value))
    return decimalKey(Number.isSafeInteger(value) ? `${value}` : BigInt(value).toString(), 0);
  // Every finite double is an integer divided by a power of two, and so has a finite decimal expansion.
  let power = 0;
  let scaled = value;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    power++;
  }
  return decimalKey((BigInt(scaled) * 5n ** BigInt(power)).toString(), -power);
}

/** Decimals equal floats and integers of the same value, exactly: `Decimal("0.5")` is the key 0.5, `Decimal("0.1")` is not 0.1. */
function textKey(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:E([+-]\d+))?$/.exec(text);
  if (match === null) return text.includes("N") ? `nan${nans++}` : `n${text}`;
  const fraction = match[3] ?? "";
  return decimalKey(`${match[1]}${match[2]}${fraction}`, Number(match[4] ?? 0) - fraction.length);
}

/** Digits without zeros at either end, and the power of ten behind them. */
function decimalKey(digits: string, exponent: number): string {
  const negative = digits.startsWith("-");
  let start = negative ? 1 : 0;
  let end = digits.length;
  while (start < end && digits[start] === "0") start++;
  while (end > start && digits[end - 1] === "0") end--;
  if (start === end) return "n0";
  return `n${negative ? "-" : ""}${digits.slice(start, end)}e${exponent + digits.length - end}`;
}

/** Tuples are equal when their items are. */
function listKey(items: Iterable<unknown>, mark: string): string | undefined {
  let key = mark;
  for (const item of items) {
    const inner = canonicalKey(item);
    if (inner === undefined) return undefined;
    // With lengths in front, no two lists give the same text.
    key += `${inner.length}:${inner}`;
  }
  return key;
}

/** Sets are equal whatever the order of their members. */
function membersKey(members: Iterable<unknown>): string | undefined {
  const keys: string[] = [];
  for (const member of members) {
    const key = canonicalKey(member);
    if (key === undefined) return undefined;
    keys.push(key);
  }
  return `set${keys
    .sort()
    .map((key) => `${key.length}:${key}`)
    .join("")}`;
}
