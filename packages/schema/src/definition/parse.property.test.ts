import { DefinitionError } from "@mortise/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DefinitionItem } from "./ast.ts";
import { parseDefinition } from "./parse.ts";
import { printDefinition } from "./print.ts";

const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/);
const comment = fc.oneof(fc.constant(""), fc.stringMatching(/^[a-zA-Z#"'{}%\\][a-zA-Z0-9 :#"'{}%]{0,12}[a-z]$/));
const keyType = fc.constantFrom("int8", "int32", "uuid", "date", "varchar(20)", "decimal(8, 3)", "enum('a','b # c')");
const column = fc.oneof(
  keyType.map((type) => ({ type, value: "" })),
  fc.constantFrom("json", "bytes", "<blob>", "<blob@>", "< npy @ cold >").map((type) => ({ type, value: " = null" })),
  fc.integer({ min: -128, max: 127 }).map((value) => ({ type: "int8", value: ` = ${value}` })),
  fc
    .stringMatching(/^[a-z :'#"]{0,12}$/)
    .map((text) => ({ type: "varchar(40)", value: ` = '${text.replaceAll("'", "''")}'` })),
);
const hash = (text: string): string => (text === "" ? "" : `  # ${text}`);

const keyLine = fc.oneof(
  fc.tuple(keyType, comment).map(
    ([type, text]) =>
      (n: string) =>
        `${n} : ${type}${hash(text)}`,
  ),
  fc.constant((n: string) => `-> Parent.proj(${n}='id')`),
);
const line = fc.oneof(
  fc.tuple(column, comment).map(
    ([{ type, value }, text]) =>
      (n: string) =>
        `${n}${value} : ${type}${hash(text)}`,
  ),
  fc
    .constantFrom("", "[nullable] ", "[unique] ")
    .map((options) => (n: string) => `-> ${options}Parent.proj(${n}="id")`),
  fc.boolean().map((unique) => (n: string) => `${unique ? "unique " : ""}index (${n})`),
);
const definition = fc
  .tuple(
    comment,
    fc.uniqueArray(name, { maxLength: 8 }),
    fc.infiniteStream(keyLine),
    fc.infiniteStream(line),
    fc.nat(8),
  )
  .map(([title, names, keyLines, lines, keys]) => {
    const key = names.slice(0, keys).map((n) => keyLines.next().value?.(n));
    const rest = names.slice(keys).map((n) => lines.next().value?.(n));
    return [...(title === "" ? [] : [`# ${title}`]), ...key, "---", ...rest].join("\n");
  });

function withoutPositions(items: readonly DefinitionItem[]): readonly object[] {
  return items.map((item) => ({ ...item, position: undefined }));
}

describe("the definition parser", () => {
  it("never fails with anything but a DefinitionError that has a position", () => {
    const anything = fc.oneof(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc
        .array(
          fc.constantFrom(
            "->",
            "[",
            "]",
            "a",
            ":",
            "=",
            "'",
            '"',
            "#",
            "---",
            "\n",
            "(",
            ")",
            "<",
            ">",
            "@",
            " ",
            "int8",
            "index",
            ".proj",
            ",",
          ),
          { maxLength: 25 },
        )
        .map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(anything, (text) => {
        try {
          parseDefinition(text);
        } catch (error) {
          expect(error).toBeInstanceOf(DefinitionError);
          expect((error as DefinitionError).line).toBeGreaterThan(0);
          expect((error as DefinitionError).column).toBeGreaterThan(0);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("reads what it prints to the same items", () => {
    fc.assert(
      fc.property(definition, (text) => {
        const parsed = parseDefinition(text);
        const again = parseDefinition(printDefinition(parsed));
        expect(again.comment).toBe(parsed.comment);
        expect(withoutPositions(again.items)).toEqual(withoutPositions(parsed.items));
      }),
      { numRuns: 500 },
    );
  });
});
