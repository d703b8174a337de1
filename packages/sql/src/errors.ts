import { CodecError, isMortiseError, isStoreError, StoreError, ValueError, type ValueSite } from "@mortise/core";

/**
 * Codes of the `ValueError`s that column types throw.
 *
 * | code | when |
 * |---|---|
 * | `wrong-type` | another kind of value than the column holds |
 * | `out-of-range` | a number or date that the column can't hold |
 * | `too-long` | more characters than the column has |
 * | `too-many-digits` | digits after the point that the column would drop |
 * | `not-in-enum` | none of the enum's values |
 * | `nan`, `infinity` | the database has no such number |
 * | `malformed` | text that is no uuid, date or number |
 * | `invalid-text` | NUL or a lone surrogate, which databases refuse or change |
 * | `not-json` | a value that JSON would drop or change |
 */
export type ValueCode =
  | "wrong-type"
  | "out-of-range"
  | "too-long"
  | "too-many-digits"
  | "not-in-enum"
  | "nan"
  | "infinity"
  | "malformed"
  | "invalid-text"
  | "not-json";

/** A refusal before the place is known; `acceptValue` adds it. */
export function refuse(code: ValueCode, message: string, hint?: string): ValueError {
  return new ValueError(code, message, { hint });
}

/** The same refusal with its place in front: `lab.session.notes, row 3: …`. */
export function atSite(error: ValueError, site: ValueSite): ValueError {
  return new ValueError(error.code, placed(error.message, site), { hint: error.hint, cause: error.cause, site });
}

/**
 * What a value's type, codec or store threw while one row was written, with its place in front. Other errors, and those
 * that name a row already, are returned as they are.
 */
export function atRow(error: unknown, site: ValueSite): unknown {
  if (!isMortiseError(error)) return error;
  const { code, message, hint, cause } = error;
  if (isStoreError(error)) return new StoreError(error.code, placed(message, site), error);
  const of = { ValueError, CodecError }[error.name];
  const known = (error as Partial<ValueError>).site;
  if (of === undefined || known?.row !== undefined) return error;
  return new of(code, placed(message, site), { hint, cause, site: { ...known, ...site } });
}

/** Codecs may have put the column in front already. */
function placed(message: string, site: ValueSite): string {
  const place = [site.schema, site.table, site.attribute].filter((part) => part !== undefined).join(".");
  const row = site.row === undefined ? "" : `row ${site.row}`;
  const prefix = [place, row].filter((part) => part !== "").join(", ");
  const rest = place !== "" && message.startsWith(`${place}: `) ? message.slice(place.length + 2) : message;
  return prefix === "" ? message : `${prefix}: ${rest}`;
}

const maxShown = 40;

/** A value as messages show it: short, on one line, with its kind where that explains the refusal. */
export function describe(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value.length > maxShown ? `${value.slice(0, maxShown)}…` : value);
    case "number":
    case "boolean":
    case "undefined":
      return String(value);
    case "bigint":
      return `${value}n`;
    case "object":
      return value === null ? "null" : describeObject(value);
    default:
      return `a ${typeof value}`;
  }
}

function describeObject(value: object): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "an invalid Date" : `Date ${value.toISOString()}`;
  const name = (Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null)?.constructor?.name;
  return name === undefined || name === "Object" ? "an object" : `a ${name}`;
}
