/**
 * Types of items. NumPy writes them in two ways: as a name (`str(dtype)`: `float64`, `datetime64[us]`, `>f8`), which arrays
 * carry, and as a `descr` in files (`<f8`, `<M8[us]`, `>f8`). Both are read here; names with a byte order are their own descr.
 */

/** NumPy's kinds: bool, signed, unsigned, float, complex, datetime, timedelta, text, byte string, raw, object. */
export type DTypeKind = "b" | "i" | "u" | "f" | "c" | "M" | "m" | "U" | "S" | "V" | "O";

/** The type of one item that is not a record. */
export interface SimpleDType {
  readonly kind: DTypeKind;
  /** Bytes of one item in a file; 0 for `object`, whose items have no bytes. */
  readonly itemsize: number;
  /** In a file: `>` is big-endian, `|` means that order has no meaning. Data in memory is always in native order. */
  readonly byteOrder: "<" | ">" | "|";
  /** `Y` … `as`, with a multiple where there is one (`25s`); only dates have it, and not all of them. */
  readonly unit?: string | undefined;
}

/** Bytes an item of a kind may have; undefined where any width is allowed. */
const sizes: Readonly<Record<DTypeKind, readonly number[] | undefined>> = {
  b: [1],
  i: [1, 2, 4, 8],
  u: [1, 2, 4, 8],
  f: [2, 4, 8, 12, 16],
  c: [8, 16, 24, 32],
  M: [8],
  m: [8],
  O: [0],
  U: undefined,
  S: undefined,
  V: undefined,
};

/** From years to attoseconds; `m` is minutes. */
const units = "Y M W D h m s ms us ns ps fs as".split(" ");

const stems: readonly (readonly [DTypeKind, string])[] = [
  ["i", "int"],
  ["u", "uint"],
  ["f", "float"],
  ["c", "complex"],
];

/**
 * Reads a dtype's name (`float64`, `datetime64[us]`, `>f8`, `<U10`, `|S5`, `object`) or a simple `descr` (`<f8`, `|b1`).
 * Throws a `TypeError` that says what a dtype looks like.
 */
export function parseDType(text: string): SimpleDType {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const parsed = parseName(text) ?? parseDescr(text);
  if (parsed === undefined) {
    throw new TypeError(`unknown dtype ${JSON.stringify(text)}: expected a NumPy name such as float64, bool or <U10`);
  }
  // Texts come from files that others write: the cache must not grow with them.
  if (cache.size < 256) cache.set(text, parsed);
  return parsed;
}

const cache = new Map<string, SimpleDType>();

/** As `str(dtype)` prints it in NumPy; this is the form that arrays carry. */
export function dtypeName(dtype: SimpleDType): string {
  const { kind, itemsize, byteOrder, unit } = dtype;
  if (byteOrder === ">" || kind === "U" || kind === "S" || kind === "V") return dtypeDescr(dtype);
  if (kind === "b") return "bool";
  if (kind === "O") return "object";
  if (kind === "M" || kind === "m") {
    return `${kind === "M" ? "datetime64" : "timedelta64"}${unit === undefined ? "" : `[${unit}]`}`;
  }
  const stem = stems.find(([k]) => k === kind) as readonly [DTypeKind, string];
  return `${stem[1]}${itemsize * 8}`;
}

/** As it stands in a file's header: byte order, kind, size, unit. */
export function dtypeDescr(dtype: SimpleDType): string {
  const { kind, itemsize, byteOrder, unit } = dtype;
  if (kind === "O") return "|O";
  const size = kind === "U" ? itemsize / 4 : itemsize;
  return `${byteOrder}${kind}${size}${unit === undefined ? "" : `[${unit}]`}`;
}

/** Undefined for what is no name, which may still be a descr. */
function parseName(text: string): SimpleDType | undefined {
  if (text === "bool") return { kind: "b", itemsize: 1, byteOrder: "|" };
  if (text === "object") return { kind: "O", itemsize: 0, byteOrder: "|" };
  const date = /^(datetime64|timedelta64)(?:\[(.+)\])?$/.exec(text);
  if (date !== null) return dated(date[1] === "datetime64" ? "M" : "m", "<", date[2]);
  const number = /^(int|uint|float|complex)(\d+)$/.exec(text);
  if (number === null) return undefined;
  const [kind] = stems.find(([, stem]) => stem === number[1]) as readonly [DTypeKind, string];
  return sized(kind, "<", Number(number[2]) / 8);
}

/** `=` and a missing order are taken as little-endian: so are all hosts this runs on. */
function parseDescr(text: string): SimpleDType | undefined {
  const match = /^([<>|=]?)([biufcMmUSVO?])(\d*)(?:\[(.+)\])?$/.exec(text);
  if (match === null) return undefined;
  const order = match[1] === ">" ? ">" : "<";
  const letter = match[2] as DTypeKind | "?";
  if (letter === "?") return match[3] === "" ? sized("b", order, 1) : undefined;
  if (letter === "O") return match[3] === "" || match[3] === "8" ? parseName("object") : undefined;
  if (match[3] === "") return undefined;
  const size = Number(match[3]);
  if (letter === "M" || letter === "m") return size === 8 ? dated(letter, order, match[4]) : undefined;
  if (match[4] !== undefined) return undefined;
  return sized(letter, order, letter === "U" ? size * 4 : size);
}

function sized(kind: DTypeKind, order: "<" | ">", itemsize: number): SimpleDType | undefined {
  const allowed = sizes[kind];
  if (allowed === undefined ? !Number.isSafeInteger(itemsize) : !allowed.includes(itemsize)) return undefined;
  const orderless = kind === "S" || kind === "V" || (itemsize === 1 && kind !== "U");
  return { kind, itemsize, byteOrder: orderless ? "|" : order };
}

/** A multiple of 1 is left out, as NumPy does; without unit only NaT has a meaning. */
function dated(kind: "M" | "m", byteOrder: "<" | ">", unit: string | undefined): SimpleDType | undefined {
  if (unit === undefined || unit === "generic") return { kind, itemsize: 8, byteOrder };
  const match = /^([1-9]\d{0,9})?([A-Za-z]+)$/.exec(unit);
  if (match === null || !units.includes(match[2] as string)) return undefined;
  return { kind, itemsize: 8, byteOrder, unit: match[1] === "1" ? match[2] : unit };
}
