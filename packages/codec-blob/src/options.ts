import { ValueError } from "@mortise/core";

/**
 * How Python's types map to JavaScript's. `natural`: integers are numbers where they fit, dicts are objects where the keys
 * allow it, one-dimensional arrays are typed arrays. `exact`: nothing depends on the value; integers are always `bigint`,
 * numbers are always floats, dicts are always a `Map`, arrays are always an `NDArray`.
 */
export type BlobMapping = "natural" | "exact";

/**
 * `fast`: the platform's zlib, and only where a probe says that it pays. `canonical`: byte for byte what Python writes, so
 * that equal values of both languages share one object. `none`: never compress.
 */
export type BlobCompression = "fast" | "canonical" | "none";

/** What a blob may claim before it is refused. Raising a limit costs nothing until such a blob is read. */
export interface BlobLimits {
  /** Bytes of a payload after decompression; default 1 GiB. */
  readonly maxPayload: number;
  /** Levels of containers when reading; default 512. Writing stops at 300, which Python can still read. */
  readonly maxDepth: number;
  /** Values of all levels together, because an empty list of 9 bytes takes many more in memory; default 50 million. */
  readonly maxElements: number;
}

/**
 * Options of `unpack`.
 *
 * @example unpack(blob, { mapping: "exact" }) // to copy or inspect: nothing is lost
 * @example unpack(blob, { limits: { maxPayload: 2 ** 24 } }) // bytes from somebody you don't know
 */
export interface UnpackOptions {
  /** Default `natural`. */
  readonly mapping?: BlobMapping | undefined;
  /** Width of dimensions and lengths in bits: 32 only for blobs of MATLAB's old 32-bit library, which don't say so themselves. Default 64. */
  readonly words?: 32 | 64 | undefined;
  /** `unwrap` turns NumPy scalars (arrays without dimensions) into plain JavaScript values; writing those again gives other bytes. Default `keep`. */
  readonly scalars?: "keep" | "unwrap" | undefined;
  readonly limits?: Partial<BlobLimits> | undefined;
}

/**
 * Options of `pack`.
 *
 * @example pack(value, { compression: "canonical", sortSets: true }) // equal values give equal bytes, in Python too
 * @example pack({ started: new Date() }, { dates: "utc" })
 */
export interface PackOptions {
  /** Default `natural`. In `exact`, every JavaScript number is a float; integers are written as `bigint`. */
  readonly mapping?: BlobMapping | undefined;
  /** Default `fast`. */
  readonly compression?: BlobCompression | undefined;
  /** What the calendar fields of a `Date` are taken from; a blob's dates have no zone, so that the default is to refuse. */
  readonly dates?: "refuse" | "utc" | "local" | undefined;
  /** Sort the members of sets by their bytes, so that equal sets give equal bytes. Default: the order of the `Set`. */
  readonly sortSets?: boolean | undefined;
  /** Write sets as dict keys and set members, which Python can't read back. Needed to copy such blobs. Default false. */
  readonly nestedSets?: boolean | undefined;
  /** Write `MatSparse`, which only MATLAB can read. Default false. */
  readonly sparse?: boolean | undefined;
  readonly limits?: Partial<BlobLimits> | undefined;
}

/** The limits that hold where none are given. */
const defaultLimits: BlobLimits = { maxPayload: 2 ** 30, maxDepth: 512, maxElements: 50_000_000 };

/** Levels that Python writes and reads again; it refuses 400 with a RecursionError. */
export const maxWriteDepth = 300;

/** What `compression` and the setting `blob_compression` may be. */
export const compressions: readonly BlobCompression[] = ["fast", "canonical", "none"];

/** What `mapping` may be. */
export const mappings: readonly BlobMapping[] = ["natural", "exact"];

/** Checks an option that may come from a configuration file or from JavaScript; throws a `ValueError` that lists what is allowed. */
export function choose<Choice extends string | number>(
  name: string,
  given: unknown,
  allowed: readonly Choice[],
): Choice {
  const found = given === undefined ? allowed[0] : allowed.find((choice) => choice === given);
  if (found !== undefined) return found;
  throw new ValueError("invalid-value", `${name} must be one of ${allowed.join(", ")}, got ${JSON.stringify(given)}`);
}

/** Fills in defaults; throws a `ValueError` for a limit that is no positive integer. */
export function parseLimits(limits: Partial<BlobLimits> | undefined): BlobLimits {
  if (limits === undefined) return defaultLimits;
  const full = { ...defaultLimits };
  for (const name of Object.keys(defaultLimits) as (keyof BlobLimits)[]) {
    const value = limits[name];
    if (value === undefined) continue;
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new ValueError("invalid-value", `limits.${name} must be a positive integer, got ${String(value)}`);
    }
    full[name] = value;
  }
  return full;
}
