import type { ConfigKey } from "../plugin/contract.ts";
import { shown } from "./report.ts";

const words: Readonly<Record<string, boolean>> = Object.fromEntries([
  ...["1", "true", "t", "yes", "y", "on"].map((word) => [word, true] as const),
  ...["0", "false", "f", "no", "n", "off"].map((word) => [word, false] as const),
]);

const expected = {
  string: "text",
  boolean: "true or false",
  integer: "an integer",
  integers: "an array of integers, or null",
};

/** Thrown inside loading only: becomes a problem with key and source. */
export class WrongValue extends Error {}

/** A truth value as DataJoint writes it in variables; undefined if it is none. */
export function parseBoolean(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  return Object.hasOwn(words, word) ? words[word] : undefined;
}

function fromText(key: ConfigKey, text: string): unknown {
  if (key.type === "boolean") return parseBoolean(text) ?? text;
  if (key.type === "integer") return /^\s*[+-]?\d+\s*$/.test(text) ? Number(text) : text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function fits(type: ConfigKey["type"], value: unknown): boolean {
  if (type === "integer") return Number.isSafeInteger(value);
  if (type === "integers") return Array.isArray(value) && value.every(Number.isSafeInteger);
  return typeof value === type;
}

/**
 * The value in its key's type; null stands for "as if absent". With `text`, other types than text are read from text,
 * because variables and secrets hold nothing else. Throws `WrongValue`.
 */
export function coerce(key: ConfigKey, value: unknown, text: boolean): unknown {
  const read = text && typeof value === "string" && key.type !== "string" ? fromText(key, value) : value;
  if (read === null || read === undefined) return undefined;
  const found = key.secret === true ? typeof value : shown(value);
  if (!fits(key.type, read)) throw new WrongValue(`must be ${expected[key.type]}, found ${found}`);
  if (key.allowed !== undefined && !key.allowed.includes(read as string)) {
    throw new WrongValue(`must be one of ${key.allowed.join(", ")}, found ${found}`);
  }
  return read;
}
