import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatComment, parseComment } from "./comment.ts";
import { quoteLiteral, quoteName } from "./quote.ts";

describe("column comments", () => {
  it.each([
    ["R-035", "int8", "", ":int8:"],
    ["R-055", "varchar(20)", "optional", ":varchar(20):optional"],
    ["R-067", "int32", "first # second", ":int32:first # second"],
    ["R-069", "int32", `it's a "test"`, `:int32:it's a "test"`],
    ["R-071", "<blob@>", "", ":<blob@>:"],
    ["R-079", "<blob@cold>", "raw data", ":<blob@cold>:raw data"],
    ["R-080", undefined, "a native column", "a native column"],
  ])("%s: writes and reads the marker %s", (_id, marker, comment, stored) => {
    expect(formatComment(marker, comment)).toBe(stored);
    expect(parseComment(stored)).toEqual({ marker, comment });
  });

  it("R-069: reads the backslash that Python stores on PostgreSQL as the quote it meant", () => {
    expect(parseComment(String.raw`:int32:it's a \"test\"`)).toEqual({ marker: "int32", comment: `it's a "test"` });
  });

  it("keeps a backslash before a quote where it is no escape", () => {
    const stored = String.raw`:int32:a \" b`;
    expect(parseComment(stored, "plain").comment).toBe(String.raw`a \" b`);
  });

  it("reads back whatever it writes", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[^:\n"\\]*$/), (comment) => {
        expect(parseComment(formatComment("int32", comment))).toEqual({ marker: "int32", comment });
      }),
    );
  });
});

describe("quoting", () => {
  it("doubles the quote it uses", () => {
    expect(quoteLiteral("it's")).toBe("'it''s'");
    expect(quoteName('a"b')).toBe('"a""b"');
  });
});
