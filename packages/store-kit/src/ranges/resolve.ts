import type { ByteRange } from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import { storeError } from "../errors.ts";

/** A range of a known object: at least one byte, all of them in the object. */
export interface ResolvedRange {
  readonly offset: number;
  readonly length: number;
}

/** Throws `invalid-range` for numbers that mean no range of any object: not whole, negative, or no bytes. */
export function checkRange(site: OperationSite, range: ByteRange): void {
  if ("suffix" in range) return checkCount(site, "suffix", range.suffix, 1);
  checkCount(site, "offset", range.offset, 0);
  if (range.length !== undefined) checkCount(site, "length", range.length, 1);
}

/**
 * The part of an object of `size` bytes that `range` names, cut at the object's end; without a range all of it. Throws
 * `invalid-range` if not one byte of it is in the object, as HTTP's 416 does.
 */
export function resolveRange(site: OperationSite, range: ByteRange | undefined, size: number): ResolvedRange {
  if (range === undefined) return { offset: 0, length: size };
  checkRange(site, range);
  if ("suffix" in range) {
    if (size === 0) throw pastEnd(site, `the last ${range.suffix} bytes`, size);
    const length = Math.min(range.suffix, size);
    return { offset: size - length, length };
  }
  if (range.offset >= size) throw pastEnd(site, `offset ${range.offset}`, size);
  return { offset: range.offset, length: Math.min(range.length ?? size, size - range.offset) };
}

function checkCount(site: OperationSite, name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw storeError(site, "invalid-range", `${name} is ${value}, it must be a whole number of at least ${least}`);
}

function pastEnd(site: OperationSite, asked: string, size: number): Error {
  return storeError(site, "invalid-range", `${asked} of an object of ${size} bytes`, {
    hint: "offsets start at 0 and must be less than the object's size; head tells it",
  });
}
