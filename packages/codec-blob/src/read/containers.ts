/**
 * Lists, tuples, sets and dicts: a count, then that many elements (pairs of elements for dicts), each with its length in
 * front. A count is compared with what remains before the loop starts: a member takes at least a length and a code.
 */
import { canonicalKey } from "../canonical-key.ts";
import { rememberIndex, rememberKey, rememberValue } from "../float-memory.ts";
import { PyFloat } from "../values/number.ts";
import { RawDict, RawSet } from "../values/raw.ts";
import type { Reader } from "./reader.ts";

/**
 * `count` elements, which the caller has checked against what remains. The list grows as elements are read, so that a count
 * that turns out to be wrong has cost nothing.
 */
export function readItems(reader: Reader, count: number): unknown[] {
  const items: unknown[] = [];
  for (let i = 0; i < count; i++) {
    items.push(reader.element(i));
    rememberIndex(items, i, count, reader.takeHint());
  }
  return items;
}

/** Items of a list or tuple. */
export function readList(reader: Reader): unknown[] {
  return readItems(reader, reader.count(reader.wordSize + 1, "members"));
}

/**
 * A `Set` in file order, which has no meaning: Python's order depends on the process that wrote it. A {@link RawSet} where a
 * `Set` would lose members: repeated ones in the exact mapping, several NaN in any.
 */
export function readSet(reader: Reader): Set<unknown> | RawSet {
  const count = reader.count(reader.wordSize + 1, "members");
  const members = new Set<unknown>();
  const seen = new Set<string>();
  const all: unknown[] = [];
  let duplicates = false;
  for (let i = 0; i < count; i++) {
    const member = keyAt(reader, i);
    const canonical = hashable(reader, member, "a member of a set");
    const hint = keyHint(reader, member);
    all.push(exactKey(reader, member, hint));
    if (seen.has(canonical)) duplicates = true;
    else {
      seen.add(canonical);
      members.add(reader.exact ? all[i] : member);
      if (!reader.exact) rememberKey(members, member, hint);
    }
  }
  const lossless = members.size === seen.size && !(duplicates && reader.exact);
  return lossless ? members : new RawSet(all);
}

/**
 * An object without prototype where all keys are text and none means something else to JavaScript, else a `Map`; always a
 * `Map` in the exact mapping. A {@link RawDict} where keys are repeated (exact) or there are several NaN keys (any).
 *
 * Keys are compared as Python does, because that is what Python would have made of the file.
 */
export function readDict(reader: Reader): Record<string, unknown> | Map<unknown, unknown> | RawDict {
  const count = reader.count(2 * (reader.wordSize + 1), "pairs");
  const entries: [unknown, unknown][] = [];
  const hints: (PyFloat | number | undefined)[][] = [];
  const seen = new Map<string, number>();
  let plain = !reader.exact;
  for (let i = 0; i < count; i++) {
    const read = keyAt(reader, -1 - i);
    const canonical = hashable(reader, read, "a key of a dict");
    const keyHinted = keyHint(reader, read);
    const key = exactKey(reader, read, keyHinted);
    const value = reader.element(typeof key === "string" ? key : -1 - i);
    const hint = reader.takeHint();
    plain &&= typeof key === "string" && isPropertyName(key);
    const before = reader.exact ? undefined : seen.get(canonical);
    if (before === undefined) {
      if (keyHinted !== undefined || hint !== undefined) hints[entries.length] = [keyHinted, hint];
      seen.set(canonical, entries.length);
      entries.push([key, value]);
    } else {
      // As in Python: the first key stays, the last value counts.
      (entries[before] as [unknown, unknown])[1] = value;
      hints[before] = [hints[before]?.[0], hint];
    }
  }
  if (seen.size !== entries.length) return new RawDict(entries);
  const result = plain ? asObject(entries as [string, unknown][]) : new Map(entries);
  if (result instanceof Map && result.size !== entries.length) return new RawDict(entries);
  if (!reader.exact) {
    for (const [i, pair] of hints.entries()) {
      const key = (entries[i] as [unknown, unknown])[0];
      rememberKey(result, key, pair?.[0]);
      rememberValue(result, key, pair?.[1]);
    }
  }
  return result;
}

/** Its own name, because a key has no place that could be named but its number. */
function keyAt(reader: Reader, segment: number): unknown {
  return reader.element(segment);
}

/** A list as a key can't have come from Python: the file is damaged, or made to do damage. */
function hashable(reader: Reader, value: unknown, what: string): string {
  const canonical = canonicalKey(value);
  if (canonical === undefined) throw reader.fail(`${what} is of a type that Python can't hash`);
  return canonical;
}

/** A `Map` turns the key -0 into 0, so that its sign has to be remembered. */
function keyHint(reader: Reader, key: unknown): PyFloat | number | undefined {
  return Object.is(key, -0) ? (reader.takeHint() ?? new PyFloat(-0)) : reader.takeHint();
}

/** In the exact mapping nothing is remembered beside a container, so that the key itself must carry its sign. */
function exactKey(reader: Reader, key: unknown, hint: PyFloat | number | undefined): unknown {
  return reader.exact && Object.is(key, -0) ? hint : key;
}

/** Objects move keys that look like array indices to the front, and take one name for something else. */
function isPropertyName(key: string): boolean {
  return key !== "__proto__" && !/^(?:0|[1-9]\d{0,9})$/.test(key);
}

/** Without a prototype there is nothing that a name from a file could reach. */
function asObject(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  const result = Object.create(null) as Record<string, unknown>;
  for (const [key, value] of entries) result[key] = value;
  return result;
}
