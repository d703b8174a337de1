import type { DefinitionPosition } from "@mortise/core";

/** A line of a definition without the white space around it, and where it stands. */
export interface SourceLine {
  readonly text: string;
  /** From 1, in the text as given. */
  readonly line: number;
  /** Column of the first character of `text`, from 1. */
  readonly column: number;
}

/** The lines of a definition, from the first that is not blank to the last. White space around line ends does not count. */
export function splitLines(definition: string): readonly SourceLine[] {
  const lines = definition.split("\n").map((raw, index) => ({
    text: raw.trim(),
    line: index + 1,
    column: raw.length - raw.trimStart().length + 1,
  }));
  const first = lines.findIndex(({ text }) => text !== "");
  if (first === -1) return [];
  return lines.slice(first, lines.findLastIndex(({ text }) => text !== "") + 1);
}

/** The position of a character of the line. */
export function positionIn(line: SourceLine, offset: number): DefinitionPosition {
  return { line: line.line, column: line.column + offset };
}
