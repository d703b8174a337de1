import { describe, expect, it } from "vitest";
import type { AttributeLine, DefinitionItem } from "./ast.ts";
import { parseDefinition } from "./parse.ts";

function attribute(text: string): AttributeLine {
  const [item] = parseDefinition(`---\n${text}`).items;
  if (item?.kind !== "attribute") throw new Error("expected an attribute");
  return item;
}

function only(text: string): DefinitionItem | undefined {
  const { items } = parseDefinition(text);
  expect(items).toHaveLength(1);
  return items[0];
}

describe("a whole definition", () => {
  it("takes the first line as the comment and ignores later ones and blank lines", () => {
    const parsed = parseDefinition(
      "\n\n   # Experimental subject  \n a : int32\n\n # not this\n --- anything \n b:int8 \r\n",
    );
    expect(parsed.comment).toBe("Experimental subject");
    expect(parsed.items.map((item) => item.kind === "attribute" && [item.name, item.inKey])).toEqual([
      ["a", true],
      ["b", false],
    ]);
  });

  it("has no comment when the first line is none", () => {
    expect(parseDefinition("a : int32\n# later").comment).toBe("");
  });

  it.each(["", "  \n ", "---"])("reads %j as a singleton without attributes", (text) => {
    expect(parseDefinition(text).items).toEqual([]);
  });

  it("counts lines and columns in the text as given", () => {
    const [, item] = parseDefinition("\n  # title\n  a : int32\n    b = 5 : int8").items;
    expect(item?.position).toEqual({ line: 4, column: 5 });
  });

  it("keeps the first of two equal declarations and refuses two that differ", () => {
    expect(parseDefinition("a : int8\na : int8").items).toHaveLength(2);
    expect(() => parseDefinition("a : int8\n---\n  a : int16")).toThrow(
      expect.objectContaining({ code: "duplicate-attribute", line: 3, column: 3 }),
    );
  });
});

describe("an attribute line", () => {
  it.each(["a:int32", "a = 5 : int32#x", "a : int32  # first # second", "a\t:\tint32"])("accepts %j", (text) => {
    expect(attribute(text).name).toBe("a");
  });

  it("keeps the spelling of the type for the marker", () => {
    expect(attribute("a : decimal(20, 0)").typeText).toBe("decimal(20, 0)");
    expect(attribute("a : enum('x # y', \"z\") # real comment")).toMatchObject({
      typeText: "enum('x # y', \"z\")",
      type: { name: "enum", values: ["x # y", "z"] },
      comment: "real comment",
    });
  });

  it.each([
    ["null", { kind: "null" }],
    ["NULL", { kind: "null" }],
    ["'null'", { kind: "literal", text: "null" }],
    ["abc", { kind: "literal", text: "abc" }],
    ["''", { kind: "literal", text: "" }],
    ['""', { kind: "literal", text: "" }],
    ['"it\'s"', { kind: "literal", text: "it's" }],
    ["'it''s'", { kind: "literal", text: "it's" }],
    ["'a:b'", { kind: "literal", text: "a:b" }],
    ["'# no comment'", { kind: "literal", text: "# no comment" }],
  ])("reads the default %s", (text, expected) => {
    const parsed = attribute(`a = ${text} : varchar(20)`);
    expect(parsed.default).toEqual(expected);
    expect(parsed.nullable).toBe(expected.kind === "null");
  });

  it.each([
    ["CURRENT_TIMESTAMP", "datetime"],
    ["current_timestamp(3)", "datetime(3)"],
    ["CURRENT_TIMESTAMP(6)", "datetime(6)"],
  ])("passes %s to the database for %s", (text, type) => {
    expect(attribute(`a = ${text} : ${type}`).default).toEqual({ kind: "sql", text });
  });

  it("J04: reads blanks inside the brackets of a codec and keeps them", () => {
    expect(attribute("x : < blob @ a >  # my comment")).toMatchObject({
      codec: { name: "blob", store: "a" },
      typeText: "< blob @ a >",
      comment: "my comment",
    });
  });

  it.each([
    ["<blob>", { name: "blob", store: undefined }],
    ["<blob@>", { name: "blob", store: "" }],
    ["<npy@cold>", { name: "npy", store: "cold" }],
  ])("reads the codec %s", (text, codec) => {
    expect(attribute(`x : ${text}`).codec).toEqual(codec);
  });

  it("reads `index : int32` as an attribute", () => {
    expect(attribute("index : int32").name).toBe("index");
  });
});

describe("a foreign key line", () => {
  it.each([
    ["-> Session", { reference: "Session", nullable: false, unique: false, renames: {} }],
    ["->Session.Trial # why", { reference: "Session.Trial" }],
    ["-> master", { reference: "master" }],
    ["-> [Nullable , UNIQUE] Session", { nullable: true, unique: true }],
    ["-> Subject.proj()", { reference: "Subject", renames: {} }],
    ["-> Subject.proj(constructor='id')", { renames: { constructor: "id" } }],
    [`-> [unique] A.B.proj(x='a', y = "b")  # c`, { reference: "A.B", unique: true, renames: { x: "a", y: "b" } }],
  ])("reads %s", (text, expected) => {
    expect(only(`---\n${text}`)).toMatchObject({ kind: "foreign-key", inKey: false, ...expected });
  });

  it("takes a line as an attribute when the arrow stands in a comment or in quotes", () => {
    expect(attribute("a : int32 # -> Session").comment).toBe("-> Session");
    expect(attribute("a = '->' : varchar(2)").default).toEqual({ kind: "literal", text: "->" });
  });

  it.each([
    "-> ",
    "-> 5",
    "-> [] Session",
    "-> [nullable Session",
    "-> [maybe] Session",
    "-> Session & 'a=1'",
    "-> Session * Trial",
    "-> Session.proj('a')",
    "-> Session.proj(a=b)",
    "-> Session.proj(a='b'",
    "-> Session.proj(a='b', a='c')",
    "-> Session()",
    "x -> Session",
  ])("refuses %s with its position", (text) => {
    expect(() => parseDefinition(`k : int8\n---\n${text}`)).toThrow(
      expect.objectContaining({ code: "syntax", line: 3 }),
    );
  });
});

describe("an index line", () => {
  it.each([
    ["index (a, b)", false, ["a", "b"]],
    ["unique index(b)  # one per b", true, ["b"]],
    ["INDEX(a)", false, ["a"]],
    ["Unique  Index ( a , (year(d, 'x,y')) )", true, ["a", "(year(d, 'x,y'))"]],
    ["index (j.x.y:char(20))", false, ["j.x.y:char(20)"]],
  ])("reads %s", (text, unique, items) => {
    expect(only(text)).toMatchObject({ kind: "index", unique, items });
  });

  it.each(["index (a", "index ()", "index (a,)", "index (a) b"])("refuses %s", (text) => {
    expect(() => parseDefinition(text)).toThrow(expect.objectContaining({ code: "syntax" }));
  });
});
