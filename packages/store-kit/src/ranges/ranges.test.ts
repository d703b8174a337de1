import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coalesce } from "./coalesce.ts";
import { resolveRange } from "./resolve.ts";

const site = { operation: "get", store: "test" };
const spans = fc.array(fc.record({ offset: fc.nat(5_000), length: fc.integer({ min: 1, max: 500 }) }), {
  maxLength: 30,
});

describe("coalesce", () => {
  it("covers every range exactly once, inside its request", () => {
    fc.assert(
      fc.property(spans, fc.nat(300), fc.integer({ min: 1, max: 2_000 }), (ranges, maxGap, maxRequest) => {
        const groups = coalesce(ranges, { maxGap, maxRequest });
        const indexes = groups.flatMap((group) => group.members.map((member) => member.index));
        expect(indexes.sort((a, b) => a - b)).toEqual(ranges.map((_, index) => index));
        for (const { request, members } of groups) {
          const { offset, length = 0 } = request as { offset: number; length?: number };
          expect(members.length === 1 || length <= maxRequest).toBe(true);
          for (const { index } of members) {
            const range = ranges[index] ?? { offset: 0, length: 0 };
            expect(range.offset >= offset && range.offset + range.length <= offset + length).toBe(true);
          }
        }
      }),
    );
  });

  it("joins neighbours, and leaves ranges without a known end alone", () => {
    const groups = coalesce(
      [{ offset: 0, length: 10 }, { offset: 15, length: 10 }, { offset: 100, length: 1 }, { suffix: 5 }, { offset: 3 }],
      {
        maxGap: 5,
        maxRequest: 1_000,
      },
    );
    expect(groups.map((group) => group.request)).toEqual([
      { suffix: 5 },
      { offset: 3 },
      { offset: 0, length: 25 },
      { offset: 100, length: 1 },
    ]);
  });
});

describe("resolveRange", () => {
  it.each([
    [undefined, 10, { offset: 0, length: 10 }],
    [{ offset: 2, length: 3 }, 10, { offset: 2, length: 3 }],
    [{ offset: 8, length: 30 }, 10, { offset: 8, length: 2 }],
    [{ offset: 9 }, 10, { offset: 9, length: 1 }],
    [{ suffix: 3 }, 10, { offset: 7, length: 3 }],
    [{ suffix: 30 }, 10, { offset: 0, length: 10 }],
    [undefined, 0, { offset: 0, length: 0 }],
  ])("%j of %i bytes is %j", (range, size, expected) => {
    expect(resolveRange(site, range, size)).toEqual(expected);
  });

  it.each([
    [{ offset: 10 }, 10],
    [{ offset: 0 }, 0],
    [{ suffix: 1 }, 0],
    [{ suffix: 0 }, 10],
    [{ offset: 0, length: 0 }, 10],
    [{ offset: -1 }, 10],
    [{ offset: Number.NaN }, 10],
  ])("%j of %i bytes is refused", (range, size) => {
    expect(() => resolveRange(site, range, size)).toThrow(expect.objectContaining({ code: "invalid-range" }) as Error);
  });
});
