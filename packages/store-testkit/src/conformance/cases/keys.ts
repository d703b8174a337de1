import type { ObjectKey } from "@mortise/core";
import { equal, equalBytes, refused } from "../assert.ts";
import type { CaseRow, ConformanceCase } from "../case.ts";
import { defineCases, listAll, readAll, text } from "../case.ts";

/** Names that servers, shells, URLs and file systems treat in a way of their own. */
const odd: readonly (readonly [rule: string, name: string])[] = [
  ["space", "a b/ c"],
  ["plus", "a+b+c"],
  ["percent", "100%/%2F/%25"],
  ["question", "a=b&c;d"],
  ["hash", "#a#"],
  ["quotes", "it's `quoted`"],
  ["brackets", "[a]{b}(c)"],
  ["at", "user@host,x"],
  ["dollar", "$HOME!^~"],
  ["dots", "..a/b../.c/...d"],
  ["dashes", "-rf/--x"],
  ["accents", "Größe/naïve"],
  ["decomposed", "e\u0301/o\u0308"],
  ["cjk", "数据/测量"],
  ["emoji", "\u{1F9E0}/\u{1F600}\u{1F3FD}"],
  ["rtl", "\u05E9\u05DC\u05D5\u05DD/\u0633"],
  ["private", "\uE000\uF8FF"],
  ["replacement", "a\uFFFDb"],
  ["long-segment", "s".repeat(200)],
  ["deep", Array.from({ length: 40 }, (_, index) => `d${index}`).join("/")],
  ["like-ours", "_mortiser/x"],
];

const bad: readonly (readonly [rule: string, key: string])[] = [
  ["empty", ""],
  ["absolute", "/etc/passwd"],
  ["parent", "a/../../b"],
  ["parent-first", "../a"],
  ["dot", "a/./b"],
  ["double-slash", "a//b"],
  ["trailing-slash", "a/"],
  ["backslash", "a\\b"],
  ["nul", "a\u0000b"],
  ["control", "a\u0007b"],
  ["surrogate", "a\uD800b"],
  ["non-character", "a\uFFFFb"],
  ["too-long", `${"x".repeat(200)}/`.repeat(30) + "x"],
];

/** Keys: what is a key is kept exactly, what is none is refused by every operation before anything happens. */
export const keyCases: readonly ConformanceCase[] = defineCases("keys", [
  ...odd.map(
    ([rule, name]): CaseRow => [
      rule,
      `the key ${JSON.stringify(name.slice(0, 40))} is kept exactly`,
      async ({ store, key, prefix }) => {
        await store.put(key(name), text(name));
        equalBytes(await readAll(store, key(name)), text(name));
        equal((await store.head(key(name))).key, key(name), "the key that head tells");
        equal(
          (await listAll(store, prefix)).map((info) => info.key),
          [key(name)],
          "the keys listed",
        );
        equal(await store.delete(key(name)), "deleted", "the outcome of delete");
      },
    ],
  ),
  ...bad.map(
    ([rule, name]): CaseRow => [
      `bad-${rule}`,
      `${JSON.stringify(name.slice(0, 40))} is refused by every operation`,
      async ({ store, key, prefix }) => {
        const wrong = name as ObjectKey;
        await store.put(key("good"), text("x"));
        await refused(store.put(wrong, text("x")), "invalid-key", "put");
        await refused(store.get(wrong), "invalid-key", "get");
        await refused(store.head(wrong), "invalid-key", "head");
        await refused(store.delete(wrong), "invalid-key", "delete");
        await refused(store.copy(wrong, key("b")), "invalid-key", "copy from");
        await refused(store.copy(key("good"), wrong), "invalid-key", "copy to");
        await refused(store.move(wrong, key("b")), "invalid-key", "move from");
        await refused(store.move(key("good"), wrong), "invalid-key", "move to");
        await refused(store.getRanges(wrong, [{ offset: 0, length: 1 }]), "invalid-key", "getRanges");
        equal((await listAll(store, prefix)).length, 1, "the number of objects");
      },
    ],
  ),
  [
    "case",
    "keys that differ in case are two objects",
    async ({ store, key }) => {
      await store.put(key("Case"), text("upper"));
      await store.put(key("case"), text("lower"));
      equalBytes(await readAll(store, key("Case")), text("upper"));
      equalBytes(await readAll(store, key("case")), text("lower"));
    },
    "caseSensitive",
  ],
  [
    "unicode-forms",
    "keys that differ in Unicode form are two objects",
    async ({ store, key }) => {
      await store.put(key("\u00E9"), text("composed"));
      await store.put(key("e\u0301"), text("decomposed"));
      equalBytes(await readAll(store, key("\u00E9")), text("composed"));
      equalBytes(await readAll(store, key("e\u0301")), text("decomposed"));
    },
    "caseSensitive",
  ],
  [
    "own-root",
    "objects below _mortise/ can be written and read, for the engine",
    async ({ store }) => {
      const own = `_mortise/conformance-${crypto.randomUUID()}` as ObjectKey;
      await store.put(own, text("x"));
      equalBytes(await readAll(store, own), text("x"));
      equal(await store.delete(own), "deleted", "the outcome of delete");
    },
  ],
]);
