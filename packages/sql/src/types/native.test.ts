import { describe, expect, it } from "vitest";
import type { ColumnType } from "./column-type.ts";
import { isAutoIncrement, nativeFamily, needsBigint, withoutNumbering } from "./native.ts";
import { parseColumnType } from "./parse.ts";

function type(text: string): ColumnType {
  const parsed = parseColumnType(text).type;
  if (parsed === undefined) throw new Error(text);
  return parsed;
}

describe("native types", () => {
  it.each([
    ["tinyint(1)", "integer"],
    ["bigint unsigned auto_increment", "integer"],
    ["INTEGER", "integer"],
    ["serial", "integer"],
    ["numeric(10,2) unsigned", "decimal"],
    ["double(10,2)", "float"],
    ["real", "float"],
    ["timestamp(3)", "timestamp"],
    ["time", "time"],
    ["year", "year"],
    ["longblob", "bytes"],
    ["mediumtext", "text"],
  ])("knows what %s holds", (text, family) => {
    const parsed = type(text);
    expect(parsed.kind === "native" && nativeFamily(parsed)).toBe(family);
  });

  it.each([
    ["int unsigned zerofill", "integer"],
    ["decimal(10,2) unsigned", "decimal"],
    ["binary(20)", "bytes"],
    ["blob", "bytes"],
    ["set('a','b')", "text"],
  ])("knows what %s of a catalog holds", (text, family) => {
    expect(nativeFamily({ kind: "native", name: text.split(/\W/, 1)[0] ?? "", text })).toBe(family);
  });

  it("needs bigint where integers may exceed 2^53, and nowhere else", () => {
    expect(["int64", "bigint", "serial", "bigint unsigned"].map((text) => needsBigint(type(text)))).toEqual(
      Array(4).fill(true),
    );
    expect(["int32", "int", "float64", "decimal(20,0)"].map((text) => needsBigint(type(text)))).toEqual(
      Array(4).fill(false),
    );
  });

  it("sees which columns the database numbers itself", () => {
    expect(isAutoIncrement(type("int auto_increment"))).toBe(true);
    expect(isAutoIncrement(type("serial"))).toBe(true);
    expect(isAutoIncrement(type("int"))).toBe(false);
    expect(isAutoIncrement(type("int32"))).toBe(false);
  });

  it.each([
    ["int auto_increment", "int"],
    ["BIGINT UNSIGNED AUTO_INCREMENT", "BIGINT UNSIGNED"],
    ["serial", "int"],
    ["int unsigned", "int unsigned"],
    ["int32", "int32"],
  ])("%s is %s where a foreign key refers to it", (text, expected) => {
    expect(withoutNumbering(type(text))).toEqual(type(expected));
  });
});
