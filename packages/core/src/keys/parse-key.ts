/**
 * The only way to make an `ObjectKey`. A key that passes here is safe to join to a bucket prefix or a folder: it can't
 * leave it, and no server or file system that was tried changes or refuses it.
 */
import { StoreError } from "../errors.ts";
import type { ObjectKey } from "./object-key.ts";
import { utf8Length } from "./utf8.ts";

/** Longest key in UTF-8 bytes: S3's and GCS's limit, and the width of the ledger's `path` column. */
export const maxKeyBytes = 1024;

/** Who asked, for the error. */
export interface KeyContext {
  readonly operation?: string | undefined;
  readonly store?: string | undefined;
}

// Lone surrogates have no UTF-8 form; U+FFFE and U+FFFF are refused by XML, in which S3 lists its keys.
const forbidden = /[\p{Cc}\\\p{Cs}\uFFFE\uFFFF]/u;

function describe(character: string): string {
  if (character === "\\") return 'a backslash; segments are separated by "/"';
  const code = `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0")}`;
  if (/\p{Cs}/u.test(character)) return `the lone surrogate ${code}, which has no UTF-8 form`;
  return /\p{Cc}/u.test(character) ? `the control character ${code}` : `the non-character ${code}`;
}

/** What is wrong with `text` as a key, as the end of a sentence; undefined for a valid key. */
export function keyProblem(text: unknown): string | undefined {
  if (typeof text !== "string") return `it must be a string, found ${text === null ? "null" : typeof text}`;
  if (text === "") return "it is empty";
  const bad = forbidden.exec(text);
  if (bad !== null) return `it contains ${describe(bad[0])} at position ${bad.index}`;
  for (const segment of text.split("/")) {
    if (segment === "") return 'it has an empty segment (a "/" at its start, at its end, or two in a row)';
    if (segment === "." || segment === "..") return `it has a segment "${segment}"`;
  }
  const bytes = text.length * 3 > maxKeyBytes ? utf8Length(text) : 0;
  return bytes > maxKeyBytes ? `it is ${bytes} bytes long in UTF-8, ${maxKeyBytes} are allowed` : undefined;
}

/** Long or odd keys are shown so that they fit a terminal and show what is in them. */
function shown(text: unknown): string {
  const quoted = JSON.stringify(text) ?? String(text);
  return quoted.length > 200 ? `${quoted.slice(0, 200)}…` : quoted;
}

/** Throws a `StoreError` of code `invalid-key` that says what is wrong and where. */
export function parseKey(text: string, context: KeyContext = {}): ObjectKey {
  const problem = keyProblem(text);
  if (problem === undefined) return text as ObjectKey;
  throw new StoreError("invalid-key", `${shown(text)} is no object key: ${problem}`, {
    operation: context.operation ?? "parseKey",
    store: context.store ?? "",
    hint: 'A key is relative to the store: segments separated by "/", none of them empty, "." or "..".',
  });
}

/** Whether `parseKey` would take it. */
export function isKey(text: unknown): text is ObjectKey {
  return keyProblem(text) === undefined;
}

/** Joins with `/`, leaving out empty parts (an empty prefix, for example). Throws as `parseKey` does. */
export function joinKey(...parts: readonly string[]): ObjectKey {
  return parseKey(parts.filter((part) => part !== "").join("/"));
}
