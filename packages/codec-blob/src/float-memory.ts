/**
 * In the natural mapping the float `3.0` and the integer `3` are both the number 3. For values that come from a blob, the
 * places that held floats are remembered beside their container, so that writing it again gives the same bytes. A place
 * that no longer holds such a number, or a number that was copied elsewhere, follows the plain rule.
 */
import { PyFloat } from "./values/number.ts";

interface Places {
  /** One bit per index: a list of a million integral floats must not cost a million map entries. */
  indices?: Uint8Array;
  /** By key; by index only where the number alone does not give the bits (NaN). */
  floats?: Map<unknown, PyFloat>;
  /** Keys of maps and members of sets, by the number that stands for them. */
  keys?: Map<unknown, PyFloat>;
}

/** Lives as long as the container does, and is not seen by anybody who looks at it. */
const memory = new WeakMap<object, Places>();

function placesOf(container: object): Places {
  let places = memory.get(container);
  if (places === undefined) {
    places = {};
    memory.set(container, places);
  }
  return places;
}

/** What the reader says of a number it has just read: itself if it was a float that looks like an integer, a `PyFloat` if its bits matter. */
export type FloatHint = number | PyFloat | undefined;

/** Remembers a list's item. */
export function rememberIndex(container: readonly unknown[], index: number, length: number, hint: FloatHint): void {
  if (hint === undefined) return;
  const places = placesOf(container);
  if (typeof hint !== "number") {
    places.floats ??= new Map();
    places.floats.set(index, hint);
    return;
  }
  places.indices ??= new Uint8Array((length + 7) >> 3);
  places.indices[index >> 3] = (places.indices[index >> 3] as number) | (1 << (index & 7));
}

/** Remembers the value under a key. */
export function rememberValue(container: object, key: unknown, hint: FloatHint): void {
  if (hint === undefined) return;
  const places = placesOf(container);
  places.floats ??= new Map();
  places.floats.set(key, new PyFloat(hint.valueOf()));
  if (typeof hint !== "number") places.floats.set(key, hint);
}

/** Remembers a key of a map or a member of a set. */
export function rememberKey(container: object, key: unknown, hint: FloatHint): void {
  if (hint === undefined) return;
  const places = placesOf(container);
  places.keys ??= new Map();
  places.keys.set(key, typeof hint === "number" ? new PyFloat(hint) : hint);
}

/** Asks for the floats among what a container holds. Undefined for the many containers without any. */
export function recall(container: object): Places | undefined {
  return memory.get(container);
}

/** The item as it was read, if it still is that number. */
export function recallIndex(places: Places | undefined, index: number, value: unknown): unknown {
  if (places === undefined || typeof value !== "number") return value;
  const float = places.floats?.get(index);
  if (float !== undefined) return Number.isNaN(value) ? float : value;
  const bit = ((places.indices?.[index >> 3] ?? 0) >> (index & 7)) & 1;
  return bit === 1 && Number.isSafeInteger(value) ? new PyFloat(value) : value;
}

/** The value under a key as it was read, if it still is such a number. */
export function recallValue(places: Places | undefined, key: unknown, value: unknown): unknown {
  const float = typeof value === "number" ? places?.floats?.get(key) : undefined;
  if (float === undefined) return value;
  if (Number.isNaN(value)) return Number.isNaN(float.valueOf()) ? float : value;
  return Number.isSafeInteger(value) ? new PyFloat(value as number) : value;
}

/** The key or member as it was read. */
export function recallKey(places: Places | undefined, key: unknown): unknown {
  return typeof key === "number" ? (places?.keys?.get(key) ?? key) : key;
}
