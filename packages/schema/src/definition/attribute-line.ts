import { defaultProblem } from "@mortise/sql";
import type { AttributeLine } from "./ast.ts";
import { type ColumnText, isKeyless, parseColumnText } from "./column-text.ts";
import { parseDefault } from "./default.ts";
import { expectEnd, lineProblem } from "./problems.ts";
import { findUnquoted, hasOpenQuote, skipSpace } from "./scan.ts";
import { positionIn, type SourceLine } from "./source-line.ts";

const expected = "expected 'name : type', 'name = default : type', '-> Table', 'index (…)' or '---'";

/**
 * Reads `name [= default] : type [# comment]`; white space between the parts is free.
 *
 * The parts are found from left to right, because each may hold the signs that end another: a quoted default may have
 * colons, an enum's values may have `#`, a comment may have anything. All checks that need no database happen here, so
 * that a definition that is read is one that can be declared, as far as a single line goes.
 *
 * @throws DefinitionError with the column of the part that is wrong
 */
export function parseAttributeLine(line: SourceLine, inKey: boolean): AttributeLine {
  const { text } = line;
  const name = readName(line);
  const afterName = skipSpace(text, name.length);
  const hasDefault = text.charAt(afterName) === "=";
  const colon = hasDefault ? findUnquoted(text, ":", afterName + 1) : afterName;
  if (text.charAt(colon) !== ":") throw missingColon(line, afterName, hasDefault);

  const defaultStart = skipSpace(text, afterName + 1);
  const defaultValue = hasDefault
    ? parseDefault(line, defaultStart, text.slice(defaultStart, colon).trimEnd())
    : undefined;
  const typeStart = skipSpace(text, colon + 1);
  const { typeText, comment } = readType(line, typeStart);
  const column = parseColumnText(line, typeStart, typeText);
  const nullable = defaultValue?.kind === "null";

  if (inKey) checkKey(line, name, nullable, column, typeStart);
  const attribute: AttributeLine = {
    kind: "attribute",
    position: positionIn(line, 0),
    name,
    inKey,
    ...column,
    typeText,
    ...(defaultValue === undefined ? {} : { default: defaultValue }),
    nullable,
    comment,
  };
  checkDefault(line, defaultStart, attribute);
  return attribute;
}

/**
 * The name at the start of the line. What looks like a name and is none gets an error of its own: upper case and
 * leading underscores are frequent and mean different things. Anything else is a line that can't be read at all.
 */
function readName(line: SourceLine): string {
  const word = /^[^\s:=#]*/.exec(line.text)?.[0] ?? "";
  if (/^[a-z][a-z0-9_]*$/.test(word)) return word;
  if (word.startsWith("_")) {
    throw lineProblem(line, 0, "invalid-name", `the name '${word}' starts with '_'`, {
      hint: "such names are reserved for hidden columns; start with a lower-case letter",
    });
  }
  if (word === "" || !/^\w+$/.test(word)) {
    throw lineProblem(line, 0, "syntax", `can't read '${line.text}': ${expected}`, {
      hint: /^-+$/.test(word) ? "the key ends with three dashes, '---'" : undefined,
    });
  }
  throw lineProblem(line, 0, "invalid-name", `'${word}' can't name an attribute`, {
    hint: "expected a lower-case letter, then lower-case letters, digits and '_'",
  });
}

/** Why there is no colon: a quote that is never closed swallows it, and then the quote is what to look at. */
function missingColon(line: SourceLine, offset: number, hasDefault: boolean): Error {
  if (hasDefault && hasOpenQuote(line.text)) {
    return lineProblem(line, offset, "syntax", `the default in '${line.text}' has no closing quote`);
  }
  const place = hasDefault ? "after the default" : "after the name";
  return lineProblem(line, offset, "syntax", `expected ':' ${place} in '${line.text}'`, { hint: expected });
}

/** Splits the type from its comment. The type keeps its spelling: it goes into the column's marker. */
function readType(line: SourceLine, start: number): { readonly typeText: string; readonly comment: string } {
  const rest = line.text.slice(start);
  const end = rest.startsWith("<") ? codecEnd(line, start) : findUnquoted(rest, "#");
  const typeText = (end === -1 ? rest : rest.slice(0, end)).trimEnd();
  if (typeText === "") {
    throw lineProblem(line, start, "syntax", `the type is missing in '${line.text}'`, { hint: "write 'name : type'" });
  }
  const hash = end === -1 ? -1 : line.text.indexOf("#", start + end);
  const comment = hash === -1 ? "" : line.text.slice(hash + 1).trim();
  if (comment.startsWith(":")) {
    throw lineProblem(line, hash, "invalid-comment", `the comment '${comment}' starts with ':'`, {
      hint: "a colon at the start marks a type in the database; put a word before it",
    });
  }
  return { typeText, comment };
}

/** Offset behind the `>` of a codec, from the start of the type; only a comment may follow. */
function codecEnd(line: SourceLine, start: number): number {
  const rest = line.text.slice(start);
  const close = rest.indexOf(">");
  if (close === -1) {
    throw lineProblem(line, start, "syntax", `expected '>' after '${rest}'`, {
      hint: "write <codec> or <codec@store>",
    });
  }
  expectEnd(line, start + close + 1, "the codec");
  return close + 1;
}

/** Keys identify rows: they can't be missing, and every database must be able to index and compare them. */
function checkKey(line: SourceLine, name: string, nullable: boolean, column: ColumnText, typeStart: number): void {
  if (nullable) {
    throw lineProblem(line, 0, "invalid-key", `the key attribute '${name}' can't be nullable`, {
      hint: "give it another default, or move it below '---'",
    });
  }
  if (isKeyless(column)) {
    const what = column.codec === undefined ? column.type.text : "a codec";
    throw lineProblem(line, typeStart, "invalid-key", `'${name}' is ${what}, which is not allowed in the primary key`, {
      hint: "move it below '---'",
    });
  }
}

/**
 * A default is checked like a value that is inserted, on every database alike. Otherwise MySQL would refuse what
 * PostgreSQL accepts, or a table would be made whose every insert fails.
 */
function checkDefault(line: SourceLine, offset: number, attribute: AttributeLine): void {
  const value = attribute.default;
  if (value === undefined || value.kind === "null") return;
  const refuse = (message: string, hint?: string): Error =>
    lineProblem(line, offset, "invalid-default", `${attribute.name}: ${message}`, { hint });
  if (attribute.type === undefined) {
    throw refuse(
      "the default of a codec attribute can only be null",
      `write '${attribute.name} = null : …', or no default`,
    );
  }
  const problem = defaultProblem(attribute.type, value);
  if (problem !== undefined) throw refuse(problem.message, problem.hint);
}
