import { type ColumnType, nativeFamily, needsBigint, parseJson, timestampDigits } from "@mortise/sql";

/** Turns a value of the normal form into what is bound, or back. */
type Conversion = (value: unknown) => unknown;

const same: Conversion = (value) => value;
const flag: Conversion = (value) => (value === true ? 1 : 0);
const truth: Conversion = (raw) => Number(raw) !== 0;
const jsonText: Conversion = (value) => JSON.stringify(value);
const jsonValue: Conversion = (raw) => parseJson(raw as string);
// A statement with `bigints` delivers every integer as bigint, whatever its column.
const plainNumber: Conversion = (raw) => (typeof raw === "number" ? raw : Number(raw));
const big: Conversion = (raw) => (typeof raw === "bigint" ? raw : BigInt(raw as number));
/** What the column will hold, so that a comparison with the same number finds it. */
const single: Conversion = (value) => Math.fround(value as number);
const withBlank: Conversion = (value) => (value as string).replace("T", " ");

/** Bytes in the order in which RFC 4122 writes them, as Python stores them. */
function uuidBytes(value: unknown): Uint8Array {
  return new Uint8Array(Buffer.from((value as string).replaceAll("-", ""), "hex"));
}

function uuidText(raw: unknown): string {
  const bytes = raw as Uint8Array;
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** `2024-01-02 03:04:05` → `2024-01-02T03:04:05.000`: the driver leaves a fraction of zeros out. */
function datetimeReader(digits: number): Conversion {
  const length = digits === 0 ? 19 : 20 + digits;
  return (raw) => {
    const shown = raw as string;
    if (shown.length < 19) return shown;
    const text = `${shown.slice(0, 10)}T${shown.slice(11)}`;
    if (text.length === length) return text;
    return text.length === 19 ? `${text}.${"0".repeat(digits)}` : text.padEnd(length, "0").slice(0, length);
  };
}

/** Looked up for every value of a column, so found once. */
function remembered(find: (type: ColumnType) => Conversion): (type: ColumnType) => Conversion {
  const known = new WeakMap<ColumnType, Conversion>();
  return (type) => {
    const found = known.get(type);
    if (found !== undefined) return found;
    const conversion = find(type);
    known.set(type, conversion);
    return conversion;
  };
}

/** How values of a type are bound: text, numbers, bytes and bigints as they are. */
export const writer: (type: ColumnType) => Conversion = remembered(findWriter);

/** How raw values of a type are read. */
export const reader: (type: ColumnType) => Conversion = remembered(findReader);

function findWriter(type: ColumnType): Conversion {
  if (type.kind === "native") {
    if (type.text === "float") return single;
    return nativeFamily(type) === "timestamp" ? withBlank : same;
  }
  switch (type.name) {
    case "bool":
      return flag;
    case "float32":
      return single;
    case "json":
      return jsonText;
    case "uuid":
      return uuidBytes;
    case "datetime":
      return withBlank;
    default:
      return same;
  }
}

function findReader(type: ColumnType): Conversion {
  if (needsBigint(type)) return big;
  if (type.kind === "native") {
    const family = nativeFamily(type);
    if (family === "timestamp") return datetimeReader(timestampDigits(type));
    return family === "integer" || family === "year" || family === "float" ? plainNumber : same;
  }
  switch (type.name) {
    case "int8":
    case "int16":
    case "int32":
    case "float32":
    case "float64":
      return plainNumber;
    case "bool":
      return truth;
    case "json":
      return jsonValue;
    case "uuid":
      return uuidText;
    case "datetime":
      return datetimeReader(type.digits ?? 0);
    default:
      return same;
  }
}
