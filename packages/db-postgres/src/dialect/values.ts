import {
  type ColumnType,
  type NativeType,
  nativeFamily,
  needsBigint,
  parseJson,
  type Statement,
  timestampDigits,
} from "@mortise/sql";
import { sql } from "kysely";

/** Turns a value of the normal form into what is bound, or back. */
type Conversion = (value: unknown) => unknown;

const same: Conversion = (value) => value;
const jsonText: Conversion = (value) => JSON.stringify(value);
const jsonValue: Conversion = (raw) => parseJson(raw as string);
// JavaScript prints the negative zero without its sign.
const float: Conversion = (value) => (Object.is(value, -0) ? "-0" : value);
const plainNumber: Conversion = (raw) => Number(raw);
// The server prints the shortest text that names the number among those of single precision.
const single: Conversion = (raw) => Math.fround(raw as number);
const big: Conversion = (raw) => BigInt(raw as number | bigint | string);

/**
 * The server's `2024-01-02 03:04:05.5` in the form of the definition language. It drops zeros at the end; digits that
 * the column's type does not promise (others may store them in a bare `datetime`) are kept, because they are there.
 */
function datetime(digits: number): Conversion {
  return (raw) => {
    const text = raw as string;
    // `infinity` and years before Christ or beyond 9999 have no such form: they are shown as the server prints them.
    if (text.length < 19 || text[10] !== " " || text.endsWith("BC")) return text;
    const whole = `${text.slice(0, 10)}T${text.slice(11, 19)}`;
    const fraction = text.slice(20).padEnd(digits, "0");
    return fraction === "" ? whole : `${whole}.${fraction}`;
  };
}

const datetimes = [0, 1, 2, 3, 4, 5, 6].map(datetime);

/** How values of a type are bound: as the driver takes them, JSON as its text. */
export function writer(type: ColumnType): Conversion {
  if (type.kind === "native") return nativeFamily(type) === "float" ? float : same;
  if (type.name === "json") return jsonText;
  return type.name === "float32" || type.name === "float64" ? float : same;
}

/** How raw values of a type are read. */
export function reader(type: ColumnType): Conversion {
  if (type.kind === "native") return nativeReader(type);
  switch (type.name) {
    case "int64":
      return big;
    case "float32":
      return single;
    case "json":
      return jsonValue;
    case "datetime":
      return datetimes[type.digits ?? 0] ?? same;
    default:
      return same;
  }
}

const nativeReaders = new WeakMap<NativeType, Conversion>();

/** Finding the family takes several patterns, which is too long to do for each value. */
function nativeReader(type: NativeType): Conversion {
  const known = nativeReaders.get(type);
  if (known !== undefined) return known;
  const conversion = nativeConversion(type);
  nativeReaders.set(type, conversion);
  return conversion;
}

function nativeConversion(type: NativeType): Conversion {
  if (needsBigint(type)) return big;
  switch (nativeFamily(type)) {
    case "integer":
      return plainNumber;
    case "float":
      return type.name === "real" ? single : same;
    case "timestamp":
      return datetimes[timestampDigits(type)] ?? same;
    default:
      return same;
  }
}

/**
 * A bound value in a comparison. It goes to the server as text without a type, which the server takes from the other
 * side; beside an integer column half a number would be read as an integer.
 */
export function bound(type: ColumnType | undefined, value: unknown): Statement {
  const isFraction = type === undefined && typeof value === "number" && !Number.isInteger(value);
  return isFraction ? sql`CAST(${value} AS double precision)` : sql`${value}`;
}
