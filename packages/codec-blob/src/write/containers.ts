/**
 * Lists, tuples, sets and dicts: a count, then elements with their length in front. Each asks first whether it was read from a
 * blob, in which case numbers may have been floats (see float-memory.ts).
 */
import { canonicalKey } from "../canonical-key.ts";
import { describe } from "../errors.ts";
import { recall, recallIndex, recallKey, recallValue } from "../float-memory.ts";
import { code } from "../format/codes.ts";
import type { Writer } from "./writer.ts";

/** Elements one after the other; a hole is not `undefined` by accident and is refused like it. */
export function writeItems(writer: Writer, items: readonly unknown[]): void {
  const places = recall(items);
  for (let i = 0; i < items.length; i++) writer.element(i, recallIndex(places, i, items[i]));
}

/** A list or tuple. */
export function writeList(writer: Writer, items: readonly unknown[], structure: number): void {
  writer.scalar(structure);
  writer.word(items.length);
  writeItems(writer, items);
}

/**
 * A set in its own order, so that reading and writing is the identity, or sorted by the bytes of its members on request, so
 * that equal sets are stored once. `given` is the container whose places are remembered.
 */
export function writeSet(writer: Writer, members: readonly unknown[], given: object): void {
  writer.scalar(code.set);
  writer.word(members.length);
  const places = recall(given);
  const typed = members.map((member) => recallKey(places, member));
  for (const [i, member] of typed.entries()) checkKey(writer, i, member, "a member of a set");
  if (!writer.options.sortSets) {
    for (const [i, member] of typed.entries()) writer.element(i, member);
    return;
  }
  const start = writer.at;
  const ends = typed.map((member, i) => {
    writer.element(i, member);
    return writer.at;
  });
  const encoded = ends.map((end, i) => writer.bytes.slice(ends[i - 1] ?? start, end));
  writer.at = start;
  for (const element of encoded.sort(compareBytes)) writer.raw(element);
}

/** A dict in the order of its entries, which Python can see; it is never sorted. */
export function writeDict(writer: Writer, entries: readonly (readonly [unknown, unknown])[], given: object): void {
  writer.scalar(code.dict);
  writer.word(entries.length);
  const places = recall(given);
  for (const [i, [name, value]] of entries.entries()) {
    const key = recallKey(places, name);
    if (typeof key !== "string") checkKey(writer, -1 - i, key, "a key of a dict");
    writer.element(-1 - i, key);
    writer.element(typeof key === "string" ? key : -1 - i, recallValue(places, name, value));
  }
}

/**
 * Refuses keys that are one and the same to Python, which would keep one of them without a word. Not asked for what came
 * from a file as it is.
 */
export function checkDistinct(writer: Writer, keys: Iterable<unknown>, what: string): void {
  const seen = new Map<string, unknown>();
  let position = 0;
  for (const key of keys) {
    const canonical = canonicalKey(key);
    if (canonical !== undefined && seen.has(canonical)) {
      throw writer.fail(
        `${what} ${position} (${describe(key)}) equals an earlier one (${describe(seen.get(canonical))}) in Python, which would keep only one`,
      );
    }
    if (canonical !== undefined) seen.set(canonical, key);
    position++;
  }
}

/** Refuses keys that Python can't hash, or hashes but can't read back. */
function checkKey(writer: Writer, segment: number, key: unknown, what: string): void {
  if (canonicalKey(key) === undefined) {
    writer.path.push(segment);
    throw writer.fail(`${describe(key)} can't be ${what}: Python can't hash it`);
  }
  if (!writer.options.nestedSets && holdsSet(key)) {
    writer.path.push(segment);
    throw writer.fail(`a set can't be ${what}: Python can't read it back`, "nestedSets: true writes it all the same");
  }
}

/** Sets, at any depth of tuples: there is nothing else that a key can contain. */
function holdsSet(key: unknown): boolean {
  if (typeof key !== "object" || key === null) return false;
  if (key instanceof Set) return true;
  const { items, members } = key as { readonly items?: unknown; readonly members?: unknown };
  return members !== undefined || (Array.isArray(items) && items.some(holdsSet));
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    if (a[i] !== b[i]) return (a[i] as number) - (b[i] as number);
  }
  return a.length - b.length;
}
