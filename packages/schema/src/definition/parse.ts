import type { AttributeLine, DefinitionItem, TableDefinition } from "./ast.ts";
import { parseAttributeLine } from "./attribute-line.ts";
import { isForeignKeyLine, parseForeignKeyLine } from "./foreign-key-line.ts";
import { isIndexLine, parseIndexLine } from "./index-line.ts";
import { lineProblem, nameTable } from "./problems.ts";
import { type SourceLine, splitLines } from "./source-line.ts";

/** What a parser can be told of the text. */
export interface ParseOptions {
  /** The class name, for messages. */
  readonly table?: string | undefined;
}

/**
 * Reads a definition. No reference is resolved and no codec looked up, so that the
 * same text can be read without a project.
 *
 * @throws DefinitionError with line and column in the text as given, from 1; the codes are in `problems.ts`
 *
 * @example
 * parseDefinition(`
 *   # a recording
 *   -> Session
 *   channel : int16
 *   ---
 *   trace = null : <blob@raw>   # volts
 * `);
 */
export function parseDefinition(text: string, options: ParseOptions = {}): TableDefinition {
  try {
    return parseLines(text, splitLines(text));
  } catch (error) {
    throw nameTable(error, options.table);
  }
}

/** Everything above the first line of dashes is the key; without one, everything is. */
function parseLines(text: string, lines: readonly SourceLine[]): TableDefinition {
  const items: DefinitionItem[] = [];
  let inKey = true;
  for (const line of lines) {
    if (line.text === "" || line.text.startsWith("#")) continue;
    if (line.text.startsWith("---")) inKey = false;
    else items.push(parseItem(line, inKey));
  }
  refuseContradictions(items, lines);
  return { text, comment: tableComment(lines[0]), items };
}

/** The order of the tests is part of the language: what is no foreign key and no index must be an attribute. */
function parseItem(line: SourceLine, inKey: boolean): DefinitionItem {
  if (isForeignKeyLine(line.text)) return parseForeignKeyLine(line, inKey);
  if (isIndexLine(line.text)) return parseIndexLine(line);
  return parseAttributeLine(line, inKey);
}

/** Only the first line can be the table's comment. */
function tableComment(first: SourceLine | undefined): string {
  if (first?.text.startsWith("#") !== true) return "";
  const comment = first.text.slice(1).trim();
  if (comment.startsWith(":")) {
    throw lineProblem(first, 0, "invalid-comment", `the comment of the table, '${comment}', starts with ':'`, {
      hint: "put a word before the colon",
    });
  }
  return comment;
}

/**
 * The first declaration of a name wins, as in Python; where the second says something else, that would silently drop
 * what somebody wrote, so it is refused.
 */
function refuseContradictions(items: readonly DefinitionItem[], lines: readonly SourceLine[]): void {
  const seen = new Map<string, AttributeLine>();
  for (const item of items) {
    if (item.kind !== "attribute") continue;
    const first = seen.get(item.name);
    if (first === undefined) {
      seen.set(item.name, item);
    } else if (first.typeText !== item.typeText || !sameDefault(first, item)) {
      const line = lines.find(({ line }) => line === item.position.line);
      if (line === undefined) continue;
      throw lineProblem(
        line,
        0,
        "duplicate-attribute",
        `'${item.name}' is already declared in line ${first.position.line}`,
        {
          hint: "remove or rename one of the two",
        },
      );
    }
  }
}

/** Both as they are written: `'1.0'` and `'1'` may mean different things to different types. */
function sameDefault({ default: a }: AttributeLine, { default: b }: AttributeLine): boolean {
  return a?.kind === b?.kind && textOf(a) === textOf(b);
}

function textOf(value: AttributeLine["default"]): string | undefined {
  return value === undefined || value.kind === "null" ? undefined : value.text;
}
