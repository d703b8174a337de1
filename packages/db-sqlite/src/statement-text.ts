import { QueryError } from "@mortise/core";
import { skipBlanks } from "@mortise/sql/driver";

/**
 * Throws `invalid-query` if more than blanks follows `first`, which is as much of the text as SQLite has read: its driver
 * ignores the rest.
 */
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
