import type { ColumnDefault, ColumnType } from "@mortise/sql";
import { reader } from "../dialect/values.ts";
import type { ColumnJson } from "./column-spec.ts";
import { isNumbered } from "./stored-type.ts";

/** A constant with its type: `'it''s'::character varying`, `E'a\\b'::text`. */
const quoted = /^(E?)'((?:[^']|'')*)'(?:::[\w."\s(),[\]]+)?$/;
const number = /^\(?(-?\d+(?:\.\d+)?)\)?(?:::.*)?$/;

/** A default as it was declared; PostgreSQL has read the constant, and shows it in its own spelling. */
export function storedDefault(column: ColumnJson, type: ColumnType): ColumnDefault | undefined {
  const { default: text, generated } = column;
  if (text === null || isNumbered(column)) return undefined;
  // No insert gives such a column a value; what it is computed from stands for its default.
  if (generated) return { kind: "sql", text };
  if (/^NULL(?:::.*)?$/s.test(text)) return { kind: "null" };
  const constant = constantText(text, type);
  return constant === undefined ? { kind: "sql", text } : { kind: "literal", text: constant };
}

function constantText(text: string, type: ColumnType): string | undefined {
  const isBool = type.kind === "core" && type.name === "bool";
  if (isBool) return text === "true" ? "1" : text === "false" ? "0" : undefined;
  const plain = number.exec(text)?.[1];
  if (plain !== undefined) return plain;
  const match = quoted.exec(text);
  if (match === null) return undefined;
  const content = (match[2] ?? "").replaceAll("''", "'");
  const value = match[1] === "E" ? content.replaceAll("\\\\", "\\") : content;
  const isDatetime = type.kind === "core" && type.name === "datetime";
  return isDatetime ? String(reader(type)(value)) : value;
}
