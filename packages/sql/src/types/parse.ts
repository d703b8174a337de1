import type { ColumnType, SimpleType } from "./column-type.ts";
import { parseEnumValues } from "./enum-values.ts";
import { parseNativeType } from "./native.ts";
import { unknownTypeHint } from "./suggest.ts";

/** Why a text is no type; for the caller to put beside a position. */
export interface TypeProblem {
  readonly code: "unknown-type" | "spelling" | "invalid-type";
  readonly message: string;
  readonly hint?: string | undefined;
}

/** A type, or why there is none: never both. A parser of definitions adds line and column to a problem. */
export type ParsedType =
  | { readonly type: ColumnType; readonly problem?: undefined }
  | { readonly type?: undefined; readonly problem: TypeProblem };

/** How strictly the spelling is judged. */
export interface ParseTypeOptions {
  /** For markers that others wrote: any letter case, spaces before `(`, and `jsonb`. `text` stays as it is. */
  readonly lenient?: boolean | undefined;
}

const simpleNames: ReadonlySet<string> = new Set<SimpleType["name"]>([
  "int8",
  "int16",
  "int32",
  "int64",
  "float32",
  "float64",
  "bool",
  "uuid",
  "json",
  "bytes",
  "date",
]);

/** A core type in any spelling that the reference's patterns let through. */
const corePattern =
  /^(float32|float64|int64|int32|int16|int8|bool|uuid|jsonb?|bytes|date|datetime|char|varchar|enum|decimal)(\s*)(?:\((.*)\))?$/is;

/** MySQL's and PostgreSQL's common ground: both keep at most six digits of a second. */
const maxSecondDigits = 6;
const maxLength = 65_535;
const maxPrecision = 65;
const maxScale = 30;

function fail(code: TypeProblem["code"], message: string, hint?: string): ParsedType {
  return { problem: hint === undefined ? { code, message } : { code, message, hint } };
}

/** Covers wrong arguments too: `decimal(6)` and `int8(3)` match no type of the grammar. */
function unknownType(text: string): ParsedType {
  return fail("unknown-type", `unknown type ${JSON.stringify(text)}`, unknownTypeHint(text));
}

function parseCore(name: string, args: string | undefined, text: string): ParsedType {
  if (simpleNames.has(name)) {
    if (args !== undefined) return unknownType(text);
    return { type: { kind: "core", name: name as SimpleType["name"], text } };
  }
  switch (name) {
    case "datetime":
      return parseDatetime(args, text);
    case "char":
    case "varchar":
      return parseText(name, args, text);
    case "decimal":
      return parseDecimal(args, text);
    case "enum":
      return parseEnum(args, text);
    default:
      return unknownType(text);
  }
}

function parseDatetime(args: string | undefined, text: string): ParsedType {
  if (args === undefined) return { type: { kind: "core", name: "datetime", digits: undefined, text } };
  if (!/^\d+$/.test(args)) return unknownType(text);
  const digits = Number(args);
  if (digits > maxSecondDigits) {
    return fail("invalid-type", `${text}: a datetime has at most ${maxSecondDigits} digits after the seconds`);
  }
  return { type: { kind: "core", name: "datetime", digits, text } };
}

function parseText(name: "char" | "varchar", args: string | undefined, text: string): ParsedType {
  if (args === undefined || !/^\d+$/.test(args)) return unknownType(text);
  const length = Number(args);
  if (length < 1 || length > maxLength) {
    return fail("invalid-type", `${text}: the length of a ${name} is 1 to ${maxLength} characters`);
  }
  return { type: { kind: "core", name, length, text } };
}

function parseDecimal(args: string | undefined, text: string): ParsedType {
  const match = /^(\d+)\s*,\s*(\d+)$/.exec(args ?? "");
  if (match === null) return unknownType(text);
  const precision = Number(match[1]);
  const scale = Number(match[2]);
  if (precision < 1 || precision > maxPrecision || scale > maxScale || scale > precision) {
    return fail(
      "invalid-type",
      `${text}: a decimal(p,s) has 1 to ${maxPrecision} digits, s of them (at most ${maxScale}) after the point`,
    );
  }
  return { type: { kind: "core", name: "decimal", precision, scale, text } };
}

function parseEnum(args: string | undefined, text: string): ParsedType {
  if (args === undefined) return unknownType(text);
  const parsed = parseEnumValues(args);
  if (typeof parsed === "string") return fail("invalid-type", `${text}: ${parsed}`, "write enum('a','b')");
  return { type: { kind: "core", name: "enum", values: parsed, text } };
}

/** How the reference's translation wants it written: lower case, no space before the parenthesis. */
function canonicalSpelling(name: string, args: string | undefined): string {
  const lower = name === "jsonb" ? "json" : name;
  return args === undefined ? lower : `${lower}(${args})`;
}

/**
 * Reads a type of the definition language: a core type in its canonical spelling,
 * or a native type of MySQL or PostgreSQL. Codecs (`<blob@raw>`) are not types and are `unknown-type` here.
 */
export function parseColumnType(text: string, options: ParseTypeOptions = {}): ParsedType {
  const trimmed = text.trim();
  const match = corePattern.exec(trimmed);
  const word = match?.[1];
  if (match === null || word === undefined) {
    const native = parseNativeType(trimmed);
    return native === undefined ? unknownType(trimmed) : { type: native };
  }
  const name = word.toLowerCase();
  const args = match[3];
  const core = name === "jsonb" ? "json" : name;
  const parsed = parseCore(core, args, trimmed);
  if (parsed.problem !== undefined || options.lenient === true) return parsed;
  const canonical = canonicalSpelling(name, args);
  if (canonical === trimmed) return parsed;
  return fail("spelling", `unknown type ${JSON.stringify(trimmed)}: not the canonical spelling`, `write ${canonical}`);
}
