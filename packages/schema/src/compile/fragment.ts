import { type Statement, sqlWords } from "@mortise/sql";
import { sql } from "kysely";
import { invalidRestriction, show } from "../query/errors.ts";
import { type FragmentText, isFragment, isIdentifier } from "../query/fragment.ts";
import { type Block, columnNames, findColumn } from "./block.ts";
import type { Environment } from "./environment.ts";
import { unknownInRestriction } from "./names.ts";
import { bindRaw } from "./values.ts";

/** The text with its values bound. The block must name every column as the text does. */
export function compileFragment(fragment: FragmentText, block: Block, env: Environment): Statement {
  checkWords(fragment, block, env);
  return render(fragment, block, env);
}

/** Pieces in the order of the text; what is bound stays bound, however deep fragments nest. */
function render(fragment: FragmentText, block: Block, env: Environment): Statement {
  const parts: Statement[] = [];
  for (const [index, text] of fragment.strings.entries()) {
    parts.push(sql.raw(text));
    if (index >= fragment.values.length) continue;
    const value = fragment.values[index];
    if (isFragment(value)) parts.push(render(value, block, env));
    else if (isIdentifier(value)) {
      const column = findColumn(block, value.name);
      if (column === undefined) throw unknownInRestriction(value.name, columnNames(block));
      parts.push(column.expression);
    } else parts.push(bindRaw(value, env));
  }
  return sql.join(parts, sql.raw(""));
}

/**
 * Bare lower-case words must be attributes or SQL (relational specification §7.2). Otherwise a misspelt name inside a
 * restricting query would be looked for in the query around it, found there, and silently change the result. A word in
 * upper case is left to the database, unless it is an attribute of another table of this query.
 */
function checkWords(fragment: FragmentText, block: Block, env: Environment): void {
  const known = new Set(columnNames(block));
  for (const word of bareWords(fragment)) {
    const lower = word.toLowerCase();
    if (known.has(word) || sqlWords.has(lower)) continue;
    if (word === lower)
      throw unknownInRestriction(word, [...known], "write words of SQL in upper case, and values as ${value}");
    if (!known.has(lower) && isElsewhere(lower, env))
      throw invalidRestriction(
        `${show(word)} in a sql fragment is no attribute here, but one of another table of this query`,
        `known here: ${[...known].join(", ")}`,
      );
  }
}

/** Whether another table of the query has such a column: the name is then more likely misplaced than SQL. */
function isElsewhere(name: string, env: Environment): boolean {
  return [...env.headings.values()].some((heading) => heading.byName.has(name));
}

/** Words outside quotes that are not called as functions and not qualified by a table. */
function bareWords(fragment: FragmentText): readonly string[] {
  // Values stand between the pieces: a blank keeps the words on both sides apart.
  const text = fragment.strings
    .join(" ? ")
    .replaceAll(/(?:\b[xXbBeEnN])?'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`/g, " '' ");
  const words = [...text.matchAll(/(?<![\w.$@:])([A-Za-z_]\w*)(?!\w)(?!\s*\()(?!\.)/g)].map((match) => match[1] ?? "");
  const nested = fragment.values.filter(isFragment).flatMap(bareWords);
  return [...words, ...nested];
}
