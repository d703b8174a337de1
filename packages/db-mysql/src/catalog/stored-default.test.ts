import { type ColumnType, parseColumnType } from "@mortise/sql";
import { describe, expect, it } from "vitest";
import { storedDefault } from "./stored-default.ts";

function typeOf(text: string): ColumnType {
  return parseColumnType(text).type ?? { kind: "native", name: text.split("(", 1)[0] ?? text, text };
}

const literal = (text: string) => ({ kind: "literal", text });
const sql = (text: string) => ({ kind: "sql", text });

describe("a default in MySQL's catalog", () => {
  it.each([
    ["varchar(9)", "it's \\ x", false, literal("it's \\ x")],
    ["varchar(9)", "CURRENT_TIMESTAMP", false, literal("CURRENT_TIMESTAMP")],
    ["varchar(9)", "NULL", false, literal("NULL")],
    ["int32", "5", false, literal("5")],
    ["datetime(3)", "CURRENT_TIMESTAMP(3)", true, sql("CURRENT_TIMESTAMP(3)")],
    ["varchar(9)", String.raw`concat(_utf8mb4\'a\',_utf8mb4\'b\')`, true, sql("concat(_utf8mb4'a',_utf8mb4'b')")],
    [
      "uuid",
      String.raw`unhex(_utf8mb4\'00112233445566778899aabbccddeeff\')`,
      true,
      literal("00112233-4455-6677-8899-aabbccddeeff"),
    ],
    ["uuid", "0x0123", false, sql("0x0123")],
    ["bit(3)", "b'101'", false, sql("b'101'")],
    ["int32", null, false, undefined],
  ])("%s: %s", (type, text, isExpression, expected) => {
    expect(storedDefault(typeOf(type), { text, isExpression, isMariaDb: false })).toEqual(expected);
  });
});

describe("a default in MariaDB's catalog", () => {
  it.each([
    ["varchar(9)", String.raw`'it''s \\ x\n'`, literal("it's \\ x\n")],
    ["varchar(9)", "'CURRENT_TIMESTAMP'", literal("CURRENT_TIMESTAMP")],
    ["varchar(9)", "'NULL'", literal("NULL")],
    ["varchar(9)", "NULL", undefined],
    ["varchar(9)", "concat('a','b')", sql("concat('a','b')")],
    ["varchar(9)", "'a' + 'b'", sql("'a' + 'b'")],
    ["int32", "-5", literal("-5")],
    ["float64", "1e-3", literal("1e-3")],
    ["datetime", "current_timestamp()", sql("CURRENT_TIMESTAMP")],
    ["datetime(3)", "current_timestamp(3)", sql("CURRENT_TIMESTAMP(3)")],
    ["uuid", "unhex('00112233445566778899aabbccddeeff')", literal("00112233-4455-6677-8899-aabbccddeeff")],
    ["int32", "(1 + 1)", sql("(1 + 1)")],
    ["int32", null, undefined],
  ])("%s: %s", (type, text, expected) => {
    expect(storedDefault(typeOf(type), { text, isExpression: false, isMariaDb: true })).toEqual(expected);
  });
});
