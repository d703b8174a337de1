import { type CodecSpec, isMortiseError, parseCodecSpec } from "@mortise/core";
import {
  type ColumnDefault,
  type ColumnSpec,
  type ColumnType,
  currentTimestampDigits,
  parseColumnType,
} from "@mortise/sql";
import type { AttributeLine } from "../definition/ast.ts";

/** What stands in a definition for a column, and what of the column no definition can say. */
export interface ColumnLine {
  readonly line: AttributeLine;
  readonly notes: readonly string[];
}

/** The line that declares a column like this one. */
export function columnLine(column: ColumnSpec, inKey: boolean): ColumnLine {
  const { name, nullable, default: value } = column;
  const notes: string[] = [];
  const typeText = typeTextOf(column);
  const isType = typeText.startsWith("<") || parseColumnType(typeText).type !== undefined;
  if (!isType || /[\r\n]/.test(typeText)) notes.push(`${name}: the definition language has no type ${typeText}`);
  if (!/^[a-z][a-z0-9_]*$/.test(name)) notes.push(`${name}: no attribute can have this name`);
  // To be nullable and to default to null are one in a definition.
  const isNull = value === undefined ? nullable : value.kind === "null";
  if (nullable !== isNull) notes.push(`${name} is ${nullable ? "" : "not "}nullable`);
  const given = isNull ? ({ kind: "null" } as const) : isSayable(value) ? value : undefined;
  if (given === undefined && value !== undefined) notes.push(`${name} has the default ${textOf(value)}`);
  return {
    notes,
    line: {
      kind: "attribute",
      // Printed and forgotten: the place is that of no text.
      position: { line: 1, column: 1 },
      // Other people's names and types: none may begin a line of its own.
      name: oneLine(name),
      inKey,
      type: column.type,
      typeText: oneLine(typeText),
      ...(given === undefined ? {} : { default: given }),
      nullable,
      comment: oneLine(column.comment),
    },
  };
}

/** Text as a definition can hold it: it ends with its line, and a colon in front of a comment would mark a type. */
export function oneLine(text: string): string {
  return text
    .replaceAll(/\s*[\r\n]+\s*/g, " ")
    .replace(/^[\s:]+/, "")
    .trimEnd();
}

/** Of expressions the language has only the current time; a line ends where a value breaks it. */
function isSayable(value: ColumnDefault | undefined): boolean {
  if (value?.kind === "sql") return currentTimestampDigits(value.text) !== undefined;
  return !/[\r\n]/.test(textOf(value));
}

function textOf(value: ColumnDefault | undefined): string {
  return value === undefined || value.kind === "null" ? "" : value.text;
}

/**
 * The marker, else the database's own type. Other programs may have spelled a marker as the language does not, or made a
 * column of another type than it says: Python splits the values of an enum at their commas on PostgreSQL.
 */
function typeTextOf({ marker, type }: ColumnSpec): string {
  const text = (marker !== undefined && fits(marker, type) ? marker : type.text).trim();
  if (text.startsWith("<")) return codecText(text);
  const match = /^(\w+)\s*(\(.*)?$/s.exec(text);
  if (parseColumnType(text).type !== undefined || match === null) return text;
  const name = (match[1] ?? "").toLowerCase();
  return (name === "jsonb" ? "json" : name) + (match[2] ?? "");
}

function fits(marker: string, type: ColumnType): boolean {
  const declared = parseColumnType(marker, { lenient: true }).type;
  return declared === undefined || type.kind !== "core" || declared.text === type.text;
}

function codecText(marker: string): string {
  const spec = codecSpecOf(marker);
  if (spec === undefined) return marker;
  return spec.store === undefined ? `<${spec.name}>` : `<${spec.name}@${spec.store}>`;
}

/** The codec of a marker; undefined for one that can't be read. */
export function codecSpecOf(marker: string): CodecSpec | undefined {
  try {
    return parseCodecSpec(marker, { lenient: true });
  } catch (error) {
    if (isMortiseError(error)) return undefined;
    throw error;
  }
}
