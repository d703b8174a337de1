/** What a database skips before a statement, besides white space, empty statements and plain comments. */
export interface CommentStyle {
  /** PostgreSQL: comments nest. */
  readonly nested?: boolean | undefined;
  /** MySQL: `#` begins a comment, and what stands in an executable comment is run. */
  readonly mysql?: boolean | undefined;
}

const space = /[\s;]/;

/** Begins a comment that MySQL or MariaDB runs, from some version on. */
const executable = /\/\*M?!\d*/y;

/**
 * The place of the first character from `start` on that a database does not skip; the length of the text if there is
 * none. A scanner rather than a pattern, whose time grows with the text and no faster.
 */
export function skipBlanks(text: string, start: number, style: CommentStyle = {}): number {
  let at = start;
  for (let next = skipOne(text, at, style); next !== at; next = skipOne(text, at, style)) at = next;
  return at;
}

/** Past one blank or comment; `at` itself where there is none. */
function skipOne(text: string, at: number, style: CommentStyle): number {
  if (at >= text.length) return at;
  if (space.test(text.charAt(at))) return at + 1;
  if (text.startsWith("--", at)) return endOf(text, "\n", at);
  if (style.mysql === true) {
    if (text.startsWith("#", at)) return endOf(text, "\n", at);
    executable.lastIndex = at;
    if (executable.test(text)) return executable.lastIndex;
    if (text.startsWith("*/", at)) return at + 2;
  }
  if (!text.startsWith("/*", at)) return at;
  return style.nested === true ? endOfNested(text, at) : endOf(text, "*/", at + 2);
}

function endOf(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at === -1 ? text.length : at + mark.length;
}

function endOfNested(text: string, start: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = start;
  let depth = 0;
  for (let mark = marks.exec(text); mark !== null; mark = marks.exec(text)) {
    depth += mark[0] === "/*" ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return text.length;
}
