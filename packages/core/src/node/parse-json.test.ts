import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson } from "./parse-json.ts";

describe("parseJson", () => {
  it("reads what JSON.stringify writes", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(parseJson(text, "f")).toEqual({ value: JSON.parse(text), comments: false });
      }),
    );
  });

  it("accepts nothing that JSON does not, but for comments", () => {
    const piece = fc.constantFrom("{", "}", "[", "]", ",", ":", '"a"', '"b"', "1", "-", "0", "null", " ", "\n", '"');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join("");
        let value: unknown;
        try {
          value = parseJson(text, "f").value;
        } catch {
          return;
        }
        expect(value).toEqual(JSON.parse(text));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['{"a": 1} // end', { a: 1 }],
    ["/* a\n * b */ [1, // one\n 2]", [1, 2]],
    ['{"url": "http://x/*y*/"}', { url: "http://x/*y*/" }],
  ])("takes comments outside text: %s", (text, value) => {
    expect(parseJson(text, "f").value).toEqual(value);
  });

  it("says whether there are comments, and takes a byte order mark", () => {
    expect(parseJson("[] //", "f").comments).toBe(true);
    expect(parseJson('"//"', "f").comments).toBe(false);
    expect(parseJson("\uFEFF[]", "f").value).toEqual([]);
  });

  it.each([
    ["", "f:1:1: expected a value, the file ends"],
    ["{", "f:1:2: expected a name in double quotes, the file ends"],
    ['{\n  "a": 1,\n}', 'f:3:1: expected a name in double quotes, found "}"'],
    ['{"a" 1}', 'f:1:6: expected ":", found "1"'],
    ["[1 2]", 'f:1:4: expected "," or "]", found "2"'],
    ['{"a": 1}\n}', 'f:2:1: expected the end of the file, found "}"'],
    ['{"a": 1, "b": 2, "a": 3}', 'f:1:18: the name "a" stands here for the second time'],
    ['["\t"]', "f:1:2: control characters and unknown escapes can't stand in text"],
    ["[01]", 'f:1:3: expected "," or "]", found "1"'],
    ["[1] /* open", 'f:1:5: expected the end of the file, found "/"'],
    ["['a']", `f:1:2: expected a value, found "'"`],
  ])("refuses %j with line and column", (text, message) => {
    expect(() => parseJson(text, "f")).toThrow(message);
  });
});
