import type { ByteRange } from "@mortise/core";
import { equal, equalBytes, refused } from "../assert.ts";
import type { CaseRow, ConformanceCase } from "../case.ts";
import { defineCases, pattern, readAll, text } from "../case.ts";

const size = 400_000;

const good: readonly (readonly [name: string, range: ByteRange, offset: number, length: number])[] = [
  ["start", { offset: 0, length: 1 }, 0, 1],
  ["middle", { offset: 1_000, length: 70_000 }, 1_000, 70_000],
  ["large", { offset: 3, length: 390_000 }, 3, 390_000],
  ["open", { offset: 399_990 }, 399_990, 10],
  ["all", { offset: 0 }, 0, size],
  ["exact-end", { offset: 399_999, length: 1 }, 399_999, 1],
  ["partly-past", { offset: 399_000, length: 50_000 }, 399_000, 1_000],
  ["suffix", { suffix: 100 }, 399_900, 100],
  ["suffix-larger", { suffix: 1_000_000 }, 0, size],
];

const bad: readonly (readonly [name: string, range: ByteRange])[] = [
  ["at-end", { offset: size, length: 1 }],
  ["past-end", { offset: size + 1 }],
  ["length-0", { offset: 0, length: 0 }],
  ["suffix-0", { suffix: 0 }],
  ["negative", { offset: -1, length: 1 }],
  ["fraction", { offset: 0.5, length: 1 }],
];

/** Parts of objects: exactly those bytes, cut at the end, refused past it. */
export const rangeCases: readonly ConformanceCase[] = defineCases("ranges", [
  ...good.map(
    ([name, range, offset, length]): CaseRow => [
      name,
      `${JSON.stringify(range)} of ${size} bytes is ${length} bytes from ${offset}`,
      async ({ store, key }) => {
        await store.put(key("a"), pattern(size));
        const result = await store.get(key("a"), { range });
        equal(result.range, { offset, length }, "the range of the result");
        equal(result.info.size, size, "info.size, which is the whole object's");
        equalBytes(await result.bytes(), pattern(size).slice(offset, offset + length));
      },
    ],
  ),
  ...bad.map(
    ([name, range]): CaseRow => [
      `bad-${name}`,
      `${JSON.stringify(range)} of ${size} bytes is invalid-range`,
      async ({ store, key }) => {
        await store.put(key("a"), pattern(size));
        await refused(store.get(key("a"), { range }), "invalid-range", `the range ${JSON.stringify(range)}`);
      },
    ],
  ),
  [
    "empty",
    "an empty object has no range",
    async ({ store, key }) => {
      await store.put(key("a"), new Uint8Array());
      await refused(store.get(key("a"), { range: { offset: 0, length: 1 } }), "invalid-range", "a range of nothing");
      await refused(store.get(key("a"), { range: { suffix: 1 } }), "invalid-range", "the last byte of nothing");
    },
  ],
  [
    "missing",
    "a range of a missing object is not-found",
    async ({ store, key }) =>
      refused(store.get(key("a"), { range: { offset: 0, length: 1 } }), "not-found", "a range of a missing object"),
  ],
  [
    "many",
    "getRanges answers in the order asked, near, far, overlapping and repeated",
    async ({ store, key }) => {
      const body = pattern(size);
      await store.put(key("a"), body);
      const asked = [
        { offset: 300_000, length: 10 },
        { offset: 0, length: 5 },
        { offset: 3, length: 100 },
        { offset: 0, length: 5 },
        { suffix: 7 },
        { offset: 399_998 },
        { offset: 399_000, length: 90_000 },
      ] satisfies readonly ByteRange[];
      const spans = [
        [300_000, 300_010],
        [0, 5],
        [3, 103],
        [0, 5],
        [399_993, size],
        [399_998, size],
        [399_000, size],
      ] as const;
      const found = await store.getRanges(key("a"), asked);
      equal(found.length, asked.length, "the number of answers");
      for (const [index, [start, end]] of spans.entries()) {
        equalBytes(found[index] ?? new Uint8Array(), body.slice(start, end), `range ${index}`);
      }
    },
  ],
  [
    "many-none",
    "getRanges of no range is no answer",
    async ({ store, key }) => {
      await store.put(key("a"), text("x"));
      equal(await store.getRanges(key("a"), []), [], "the answers");
    },
  ],
  [
    "many-past",
    "getRanges refuses a range past the end even beside one that is not",
    async ({ store, key }) => {
      await store.put(key("a"), text("0123456789"));
      const ranges = [
        { offset: 5, length: 5 },
        { offset: 10, length: 1 },
      ];
      await refused(store.getRanges(key("a"), ranges), "invalid-range", "a range past the end");
    },
  ],
  [
    "many-missing",
    "getRanges of a missing object is not-found",
    async ({ store, key }) =>
      refused(store.getRanges(key("a"), [{ offset: 0, length: 1 }]), "not-found", "ranges of a missing object"),
  ],
  [
    "untouched",
    "reading ranges leaves the object whole",
    async ({ store, key }) => {
      await store.put(key("a"), pattern(size));
      await store.getRanges(key("a"), [{ offset: 0, length: 1 }]);
      equalBytes(await readAll(store, key("a")), pattern(size));
    },
  ],
]);
