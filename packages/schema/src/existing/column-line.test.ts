import { type ColumnSpec, parseColumnType } from "@mortise/sql";
import { expect, it } from "vitest";
import { columnLine } from "./column-line.ts";

const column = (name: string, marker: string | undefined, text: string): ColumnSpec => {
  const type = parseColumnType(text).type ?? { kind: "native", name: text, text };
  return { name, marker, type, comment: "", nullable: false, default: undefined };
};

it("gives the values that an enum has where its marker has others", () => {
  const made = column("sex", "enum('m', 'a,b')", "enum('m','a','b')");
  expect(columnLine(made, false).line.typeText).toBe("enum('m','a','b')");
  const same = column("sex", "enum('m', 'f')", "enum('m', 'f')");
  expect(columnLine(same, false).line.typeText).toBe("enum('m', 'f')");
});

it("lets no name or type of somebody else begin a line of the definition", () => {
  const { line, notes } = columnLine(column("x : int8\n-> Other", undefined, "enum('a\n-> Other')"), false);
  expect(line.name).toBe("x : int8 -> Other");
  expect(line.typeText).toBe("enum('a -> Other')");
  expect(notes).toHaveLength(2);
});
