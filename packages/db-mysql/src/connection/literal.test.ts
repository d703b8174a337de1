import { array, assert, bigInt, constantFrom, double, property, uint8Array } from "fast-check";
import { describe, expect, it } from "vitest";
import { type LiteralValue, literal } from "./literal.ts";

/** What a server reads between the quotes of a literal: with backslash escapes, or with NO_BACKSLASH_ESCAPES. */
function readText(sql: string, escapes: boolean): string {
  const encoded = /^_utf8mb4 x'(?<digits>(?:[0-9a-f]{2})*)'$/.exec(sql)?.groups?.["digits"];
  if (encoded !== undefined) return Buffer.from(encoded, "hex").toString("utf8");
  let text = "";
  for (let at = 1; at < sql.length - 1; at += 1) {
    const character = sql.charAt(at);
    if (character === "\\" && escapes) text += sql.charAt(++at);
    else if (character === "'" && sql.charAt(++at) !== "'") throw new Error(`the literal ends early: ${sql}`);
    else text += character;
  }
  return text;
}

describe("a value written as SQL", () => {
  it.each<[LiteralValue, string]>([
    [null, "NULL"],
    [true, "1"],
    [false, "0"],
    [7, "7"],
    [-7, "-7"],
    [2 ** 53, "9007199254740992e0"],
    [0.1, "0.1e0"],
    [-0, "-0e0"],
    [1e-7, "1e-7"],
    [1.5e300, "1.5e+300"],
    [2n ** 63n - 1n, "9223372036854775807"],
    ["", "''"],
    ["it's", "'it''s'"],
    ["a\\b", "_utf8mb4 x'615c62'"],
    ["line\nbreak", "'line\nbreak'"],
    ["😀", "'😀'"],
    [new Uint8Array([0, 39, 92, 255]), "x'00275cff'"],
    [new Uint8Array(), "x''"],
  ])("%s is %s", (value, sql) => {
    expect(literal(value)).toBe(sql);
  });

  it("is read back as the same text whatever the SQL mode", () => {
    const characters = constantFrom(
      "'",
      "\\",
      '"',
      "a",
      "\n",
      "\0",
      "\u001a",
      "é",
      "😀",
      "?",
      "%",
      "`",
      ";",
      "--",
      "/*",
    );
    const quotes = array(characters).map((text) => text.join(""));
    assert(
      property(quotes, (text) => {
        const sql = literal(text);
        return readText(sql, true) === text && readText(sql, false) === text;
      }),
    );
  });

  it("is read back as the same number or bytes", () => {
    assert(
      property(double({ noNaN: true, noDefaultInfinity: true }), (value) => Object.is(Number(literal(value)), value)),
    );
    assert(property(bigInt(), (value) => BigInt(literal(value)) === value));
    assert(property(uint8Array(), (value) => literal(value) === `x'${Buffer.from(value).toString("hex")}'`));
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, "\ud800", undefined, {}, new Date(0)])("refuses %s", (value) => {
    expect(() => literal(value as LiteralValue)).toThrow(expect.objectContaining({ code: "invalid-query" }));
  });
});
