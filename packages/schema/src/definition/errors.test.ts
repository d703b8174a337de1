import { type Codec, createRegistry, DefinitionError, type Registry, requireStore } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { resolveColumn } from "./column.ts";
import { parseDefinition } from "./parse.ts";

function codec(name: string, storage: (external: boolean) => `<${string}>` | "bytes" | "json"): Codec {
  return {
    kind: "codec",
    apiVersion: 1,
    name,
    origin: import.meta.url,
    storageType: (mode) => storage(mode.external),
    accept: (value) => value,
    encode: (value) => value,
    decode: (stored) => stored,
    references: () => [],
  };
}

const registry: Registry = createRegistry([
  codec("blob", (external) => (external ? "<hash>" : "bytes")),
  codec("object", (external) => {
    requireStore("object", { external });
    return "json";
  }),
  codec("odd", () => "frobnicate" as "json"),
  codec("a", () => "<b>"),
  codec("b", () => "<a>"),
]);

/** What declaring does with a definition before anything is written. */
function check(text: string): void {
  for (const item of parseDefinition(text, { table: "T" }).items) {
    if (item.kind === "attribute") resolveColumn(item, registry, "T");
  }
}

function problemOf(text: string): DefinitionError {
  try {
    check(text);
  } catch (error) {
    if (error instanceof DefinitionError) return error;
    throw error;
  }
  throw new Error(`accepted: ${text}`);
}

describe("definition errors", () => {
  it.each([
    ["R-085", "a : uint8", "unknown-type", 1, 5],
    ["R-086", "a : INT32", "spelling", 1, 5],
    ["R-087", "a : varchar (20)", "spelling", 1, 5],
    ["R-088", "a : decimal(6)", "unknown-type", 1, 5],
    ["R-089", "a : binary(16)", "unknown-type", 1, 5],
    ["R-090", "a : boolean", "unknown-type", 1, 5],
    ["R-091", "a : blob", "unknown-type", 1, 5],
    ["R-092", "a : double precision", "unknown-type", 1, 5],
    ["R-093", "k : int8\n---\na : <nope>", "unknown-codec", 3, 1],
    ["R-094", "k : int8\n---\na : <hash>", "requires-store", 3, 1],
    ["R-095", "k : int8\n---\na : <object>", "requires-store", 3, 1],
    ["R-096", "Aa : int32", "invalid-name", 1, 1],
    ["R-097", "_a : int32", "invalid-name", 1, 1],
    ["R-098", "1a : int32", "invalid-name", 1, 1],
    ["R-099", "a int32", "syntax", 1, 3],
    ["R-100", "a : ", "syntax", 1, 4],
    ["R-101", "a = null : int32", "invalid-key", 1, 1],
    ["R-102", "a : int32  # :x", "invalid-comment", 1, 12],
    ["R-103", "# :x\na : int32", "invalid-comment", 1, 1],
    ["R-104", "k : int8\n---\na = 'x' : <blob>", "invalid-default", 3, 5],
    ["R-105", "k : int8\n--\na : int8", "syntax", 2, 1],
    ["R-106", "k : int8\n---\nindex k", "syntax", 3, 7],
    ["R-107", "k : int8\n---\na = true : bool", "invalid-default", 3, 5],
    ["R-108", "k : int8\n---\na = CURRENT_TIMESTAMP : datetime(3)", "invalid-default", 3, 5],
    ["R-111", "a : json", "invalid-key", 1, 5],
    ["R-112", "a : bytes", "invalid-key", 1, 5],
    ["R-114", "a : enum('x','y')\n---\nb : datetime = CURRENT_TIMESTAMP", "unknown-type", 3, 5],
    ["R-115", "-> [nullable] Nope", "invalid-key", 1, 4],
    ["J08", "k : int8\n---\nx : <blob@a:b>", "invalid-store-name", 3, 5],
    ["J09", "x : <object@a>", "invalid-key", 1, 5],
    ["J11", "k : int8\n---\nx = 5 : <object@a>", "invalid-default", 3, 5],
    ["J12", "k : int8\n---\nx : <odd>", "invalid-codec", 3, 1],
  ] as const)("%s: refuses %j as %s", (_id, text, code, line, column) => {
    expect(problemOf(text)).toMatchObject({ code, line, column, table: "T" });
  });

  it.each([
    ["R-109", "k : int8  # {x}", "{x}"],
    ["R-110", "k : int8  # 100%", "100%"],
  ])("%s: accepts any comment text, as in %j", (_id, text, comment) => {
    expect(parseDefinition(text).items).toMatchObject([{ name: "k", comment }]);
  });

  it("R-113: accepts quotes in the comment of a table", () => {
    expect(parseDefinition('# a "quoted" title\na : int8').comment).toBe('a "quoted" title');
  });

  it("says where, what was found and what to do", () => {
    const problem = problemOf("k : int8\n---\n  b : datetime = CURRENT_TIMESTAMP");
    expect(problem.message).toMatch(/^definition of T, line 3, column 7: unknown type/);
    expect(problem.hint).toBe("the default stands before the type: name = CURRENT_TIMESTAMP : datetime");
    expect(problemOf("a : <a>\n").code).toBe("invalid-key");
    expect(problemOf("k : int8\n---\na : <a>").code).toBe("circular-codec");
    expect(problemOf("k : int8\n---\na : <nope>").hint).toBeDefined();
  });

  it.each([
    ["a = 'x : int8", "syntax"],
    ["a = 'x'y : varchar(8)", "invalid-default"],
    ["a = : int8", "syntax"],
    ["a = 300 : int8", "invalid-default"],
    ["a = 1.5 : int8", "invalid-default"],
    ["a = 'z' : enum('x','y')", "invalid-default"],
    ["a = 'too long' : varchar(3)", "invalid-default"],
    ["a = CURRENT_TIMESTAMP : int8", "invalid-default"],
    ["a = '{}' : json", "invalid-default"],
    ["a : <blob", "syntax"],
    ["a : <blob> int8", "syntax"],
    ["a : <@x>", "invalid-codec-spec"],
    ["a : tinyblob = 'x'", "unknown-type"],
    ["a:b:c", "unknown-type"],
    [": int8", "syntax"],
    ["a-b : int8", "syntax"],
  ])("refuses %j below the key as %s", (text, code) => {
    expect(problemOf(`k : int8\n---\n${text}`)).toMatchObject({ code, line: 3 });
  });
});
