import { describe, refuse } from "../errors.ts";
import type { EnumType, TextType } from "../types/column-type.ts";

/** Text that every database keeps as it is: PostgreSQL has no NUL, and UTF-8 has no lone surrogates. */
export function portableText(name: string, value: unknown): string {
  if (typeof value !== "string") throw refuse("wrong-type", `${name} expects text, got ${describe(value)}`);
  if (value.includes("\0"))
    throw refuse("invalid-text", `${name}: text with a NUL character`, "use bytes for binary data");
  if (!value.isWellFormed()) {
    throw refuse("invalid-text", `${name}: text with half of a surrogate pair, which UTF-8 can't hold`);
  }
  return value;
}

/** Code points, as databases count characters. */
export function countCharacters(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd8_00 && unit <= 0xdb_ff) count--;
  }
  return count;
}

/** char and varchar. Spaces at the end of a char are refused: MySQL would remove them. */
export function textAcceptor(type: TextType): (value: unknown) => string {
  return (value) => {
    const text = portableText(type.text, value);
    // Code units are never fewer than code points, so only long texts are counted.
    if (text.length > type.length && countCharacters(text) > type.length) {
      throw refuse("too-long", `${type.text} got ${countCharacters(text)} characters: ${describe(text)}`);
    }
    if (type.name === "char" && text.endsWith(" ")) {
      throw refuse(
        "invalid-text",
        `${type.text} can't keep spaces at the end: ${describe(text)}`,
        "use varchar, or trim it",
      );
    }
    return text;
  };
}

/** Compared exactly, letter case included, although MySQL itself would not. */
export function enumAcceptor(type: EnumType): (value: unknown) => string {
  const values = new Set(type.values);
  return (value) => {
    if (typeof value === "string" && values.has(value)) return value;
    const list = type.values.map((one) => describe(one)).join(", ");
    throw refuse(
      typeof value === "string" ? "not-in-enum" : "wrong-type",
      `expected one of ${list}, got ${describe(value)}`,
    );
  };
}
