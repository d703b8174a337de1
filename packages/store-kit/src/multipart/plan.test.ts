import { isStoreError } from "@mortise/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PartLimits } from "./contract.ts";
import { partPlan } from "./plan.ts";

const site = { operation: "put", store: "test" };
const MiB = 1024 ** 2;
const s3: PartLimits = { minPart: 5 * MiB, maxPart: 5 * 1024 * MiB, maxParts: 10_000 };
const largest = 5 * 1024 * 1024 * MiB;

/** The sizes of all parts of a body that ends after `size` bytes. */
function cut(plan: ReturnType<typeof partPlan>, size: number): readonly number[] {
  const sizes: number[] = [];
  for (let offset = 0; offset < size; ) {
    const part = Math.min(plan.sizeAt(offset), size - offset);
    sizes.push(part);
    offset += part;
  }
  return sizes;
}

const sizes = fc.oneof(fc.integer({ min: 1, max: 200 * MiB }), fc.integer({ min: 1, max: largest }));
const partBytes = fc.option(fc.integer({ min: 1, max: 64 * MiB }), { nil: undefined });

describe("partPlan", () => {
  it("never needs more than 10 000 parts, for any body up to 5 TiB of known or unknown size", () => {
    fc.assert(
      fc.property(sizes, partBytes, fc.boolean(), (size, bytes, known) => {
        const parts = cut(partPlan(site, s3, { size: known ? size : undefined, partBytes: bytes }), size);
        expect(parts.length).toBeLessThanOrEqual(s3.maxParts);
        expect(parts.slice(0, -1).every((part) => part >= s3.minPart && part <= s3.maxPart)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it("cuts a body of known size into equal parts, the same every time", () => {
    fc.assert(
      fc.property(sizes, partBytes, (size, bytes) => {
        const one = partPlan(site, s3, { size, partBytes: bytes });
        const other = partPlan(site, s3, { size, partBytes: bytes });
        expect(new Set(cut(one, size).slice(0, -1)).size).toBeLessThanOrEqual(1);
        expect(cut(one, size)).toEqual(cut(other, size));
      }),
      { numRuns: 50 },
    );
  });

  it("gives sizes that are multiples of what the server takes, and never shrinks", () => {
    const limits = { minPart: 256 * 1024, maxPart: 64 * MiB, maxParts: 1_000, multiple: 256 * 1024 };
    fc.assert(
      fc.property(partBytes, fc.integer({ min: 1, max: 2_000 * MiB }), (bytes, size) => {
        const parts = cut(partPlan(site, limits, { partBytes: bytes }), size).slice(0, -1);
        expect(parts.every((part) => part % limits.multiple === 0)).toBe(true);
        expect(parts.every((part, index) => part >= (parts[index - 1] ?? 0))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it("keeps small uploads at 8 MiB", () => {
    expect(cut(partPlan(site, s3), 100 * MiB).slice(0, -1)).toEqual(Array.from({ length: 12 }, () => 8 * MiB));
  });

  it("refuses a body that is too large before anything is sent", () => {
    const error = (() => {
      try {
        return partPlan(site, { minPart: 1, maxPart: 10, maxParts: 10 }, { size: 101 });
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(isStoreError(error, "unsupported")).toBe(true);
  });
});
