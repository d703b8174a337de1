import { describe, refuse } from "../errors.ts";

/** MySQL's limit, the lowest of the three databases. */
const maxDepth = 100;

/**
 * What JSON text holds without loss, unchanged. `undefined`, NaN, dates, maps and class instances would be dropped or
 * turned into something else by `JSON.stringify`, so they are refused with the path at which they stand.
 */
export function acceptJson(value: unknown): unknown {
  check(value, "$", 0);
  return value;
}

function check(value: unknown, path: string, depth: number): void {
  switch (typeof value) {
    case "boolean":
      return;
    case "string":
      checkText(value, path);
      return;
    case "number":
      if (!Number.isFinite(value)) throw refuse("not-json", `json at ${path}: JSON has no ${value}`, "use null");
      return;
    case "object":
      if (value === null) return;
      // A cycle is deeper than any limit.
      if (depth >= maxDepth) {
        throw refuse("not-json", `json at ${path.slice(0, 60)}…: deeper than ${maxDepth} levels, or refers to itself`);
      }
      if (Array.isArray(value)) checkArray(value, path, depth);
      else checkObject(value, path, depth);
      return;
    default:
      throw refuse(
        "not-json",
        `json at ${path}: JSON can't hold ${describe(value)}`,
        typeof value === "bigint" ? "give it as text or as a number" : undefined,
      );
  }
}

function checkArray(value: readonly unknown[], path: string, depth: number): void {
  // By index, because `forEach` skips holes, which JSON would turn into null.
  for (let i = 0; i < value.length; i++) check(value[i], `${path}[${i}]`, depth + 1);
}

function checkObject(value: object, path: string, depth: number): void {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null && !isForeignPlainObject(prototype)) {
    throw refuse(
      "not-json",
      `json at ${path}: got ${describe(value)}`,
      "convert it to plain objects, arrays and texts first",
    );
  }
  if (typeof (value as { toJSON?: unknown }).toJSON === "function") {
    throw refuse("not-json", `json at ${path}: an object with toJSON() would be stored as something else`);
  }
  for (const [key, entry] of Object.entries(value)) {
    checkText(key, path);
    check(entry, `${path}.${key}`, depth + 1);
  }
}

/** The `Object.prototype` of another realm, for example of a test runner's sandbox. */
function isForeignPlainObject(prototype: unknown): boolean {
  return Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype as object, "hasOwnProperty");
}

function checkText(text: string, path: string): void {
  if (text.includes("\0") || !text.isWellFormed()) {
    throw refuse(
      "invalid-text",
      `json at ${path}: text with NUL or half of a surrogate pair, which PostgreSQL refuses`,
    );
  }
}
