import type { IndexLine } from "./ast.ts";
import { lineProblem } from "./problems.ts";
import { closingParenthesis, splitTopLevel } from "./scan.ts";
import { positionIn, type SourceLine } from "./source-line.ts";

const start = /^(?<unique>unique\s+)?index\s*\(/i;

/** Whether a line is an index. `index : int32` is an attribute of that name. */
export function isIndexLine(text: string): boolean {
  return start.test(text);
}

/**
 * Reads `[unique] index (item, …) [# comment]`. Items may be expressions, so the list is split at its top-level commas
 * only. They are checked against the columns when the table is declared: an index may stand before its attributes.
 */
export function parseIndexLine(line: SourceLine): IndexLine {
  const match = start.exec(line.text);
  const open = (match?.[0].length ?? 0) - 1;
  const close = closingParenthesis(line.text, open);
  if (match === null || close === -1) {
    throw lineProblem(line, Math.max(open, 0), "syntax", "the parenthesis of the index is not closed");
  }
  const rest = line.text.slice(close + 1).trim();
  if (rest !== "" && !rest.startsWith("#")) {
    throw lineProblem(line, close + 1, "syntax", `expected a comment or nothing after the index, found '${rest}'`);
  }
  const items = splitTopLevel(line.text.slice(open + 1, close));
  if (items.includes("")) {
    throw lineProblem(line, open, "syntax", "an index needs one attribute or expression between its commas");
  }
  return { kind: "index", position: positionIn(line, 0), unique: match.groups?.["unique"] !== undefined, items };
}
