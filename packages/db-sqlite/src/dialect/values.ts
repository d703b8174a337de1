import { type ColumnType, nativeFamily, needsBigint, parseJson } from "@mortise/sql";

/** Turns a value of the normal form into what is bound, or back. */
type Conversion = (value: unknown) => unknown;

const same: Conversion = (value) => value;
const flag: Conversion = (value) => (value === true ? 1 : 0);
const truth: Conversion = (raw) => Number(raw) !== 0;
const jsonText: Conversion = (value) => JSON.stringify(value);
const jsonValue: Conversion = (raw) => parseJson(raw as string);
// A statement with `bigints` delivers every integer as bigint, whatever its column.
const plainNumber: Conversion = (raw) => Number(raw);
const big: Conversion = (raw) => BigInt(raw as number | bigint);

/** How values of a type are bound: text, numbers, bytes and bigints as they are. */
export function writer(type: ColumnType): Conversion {
  if (type.kind === "core" && type.name === "bool") return flag;
  if (type.kind === "core" && type.name === "json") return jsonText;
  return same;
}

/** How raw values of a type are read. */
export function reader(type: ColumnType): Conversion {
  if (needsBigint(type)) return big;
  if (type.kind === "native") {
    const family = nativeFamily(type);
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
    default:
      return same;
  }
}
