/**
 * What of a text is no statement: SQLite skips white space, comments and empty statements before the first one, and its
 * driver ignores whatever follows it. A scanner rather than a pattern, whose time grows with the text and no faster.
 */
import { QueryError } from "@mortise/core";

const space = /[\s;]/;

/** The place of the first character from `start` on that SQLite does not skip; the length of the text if there is none. */
function skipBlanks(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    if (space.test(text.charAt(at))) at += 1;
    else if (text.startsWith("--", at)) at = endOf(text, "\n", at);
    else if (text.startsWith("/*", at)) at = endOf(text, "*/", at + 2);
    else break;
  }
  return at;
}

function endOf(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at === -1 ? text.length : at + mark.length;
}

/** Where the first statement begins. */
export function startOfStatement(text: string): number {
  return skipBlanks(text, 0);
}

/** Throws `invalid-query` if more than blanks follows `first`, which is as much of the text as SQLite has read. */
export function refuseMoreThan(first: string, text: string): void {
  const rest = skipBlanks(text, first.length);
  if (rest >= text.length) return;
  throw new QueryError(
    "invalid-query",
    `one statement is run at a time, after the first there is: ${shortened(text.slice(rest))}`,
    { hint: "nothing was run; execute each statement by a call of its own, in a session if they belong together" },
  );
}

function shortened(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
