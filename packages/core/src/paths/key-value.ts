/**
 * Primary-key values as path segments. The text comes from the declared type, not from the kind of JavaScript value, so
 * that a key has one folder however it was given. No reader depends on it: paths are read from the rows.
 */
import { ValueError } from "../errors.ts";
import { utf8Length } from "../keys/utf8.ts";
import { escapeSegment, maxSegmentBytes } from "./escape.ts";
import { pythonFloat } from "./python-float.ts";

/** As much of a column type as naming needs: the words of the definition language, or a native type's first word. */
export interface KeyType {
  readonly name: string;
}

/** One attribute of a primary key, its value in Mortise's normal form. */
export interface KeyAttribute {
  readonly name: string;
  readonly type: KeyType;
  readonly value: unknown;
}

const floats: ReadonlySet<string> = new Set(["float32", "float64", "float", "double", "real"]);
const datetimes: ReadonlySet<string> = new Set(["datetime", "timestamp", "timestamptz"]);
const datetimePattern = /^(\d{4,}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)(?:\.(\d+))?(?:Z|\+00(?::?00)?)?$/;
const timePattern = /^(-?\d{1,3}:\d\d:\d\d)(?:\.(\d+))?$/;

/** Six digits, as Python counts microseconds; none where they are zero. */
function fraction(digits: string | undefined): string {
  const significant = (digits ?? "").replace(/0+$/, "");
  return significant === "" ? "" : `.${significant.padEnd(6, "0")}`;
}

function refuse(type: KeyType, value: unknown): never {
  const shown = typeof value === "string" ? JSON.stringify(value) : String(value);
  throw new ValueError("invalid-key-value", `${shown} can't name a folder as a key value of type ${type.name}`, {
    hint: "Give the value in the normal form of its type: a number, bigint, boolean or text.",
  });
}

/** Numbers of an integer column, or of a native type that says nothing else. */
function numberText(type: KeyType, value: number): string {
  if (floats.has(type.name)) return pythonFloat(value);
  if (Number.isInteger(value)) return BigInt(value).toString();
  return /^int\d/.test(type.name) ? refuse(type, value) : pythonFloat(value);
}

/** The text before escaping, already safe where `safe` is true. */
function textOf(type: KeyType, value: unknown): { readonly text: string; readonly safe: boolean } {
  switch (typeof value) {
    case "boolean":
      return { text: value ? "1" : "0", safe: true };
    case "bigint":
      return { text: value.toString(), safe: true };
    case "number":
      if (type.name === "bool") return { text: value === 0 ? "0" : "1", safe: true };
      return { text: numberText(type, value), safe: true };
    case "string":
      break;
    default:
      if (value instanceof Date && !Number.isNaN(value.getTime()))
        return textOf({ name: "datetime" }, value.toISOString());
      return refuse(type, value);
  }
  if (datetimes.has(type.name)) {
    const [, date, time, digits] = datetimePattern.exec(value) ?? refuse(type, value);
    return { text: `${date}T${time?.replaceAll(":", "-")}${fraction(digits)}`, safe: true };
  }
  if (type.name === "time") {
    const [, time, digits] = timePattern.exec(value) ?? refuse(type, value);
    return { text: `${time?.replaceAll(":", "-")}${fraction(digits)}`, safe: true };
  }
  return { text: type.name === "uuid" ? value.toLowerCase() : value, safe: false };
}

/** One value, without its attribute's name, in at most `maxBytes`. Throws `ValueError` of code `invalid-key-value`. */
export function encodeKeyValue(type: KeyType, value: unknown, maxBytes: number = maxSegmentBytes): string {
  const { text, safe } = textOf(type, value);
  return safe && text.length <= maxBytes ? text : escapeSegment(text, maxBytes);
}

/** `name=value`, in at most `maxBytes`. */
export function keySegment(attribute: KeyAttribute, maxBytes: number = maxSegmentBytes): string {
  const name = `${attribute.name}=`;
  return name + encodeKeyValue(attribute.type, attribute.value, Math.max(16, maxBytes - utf8Length(name)));
}
