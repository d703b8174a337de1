import { nearest } from "@mortise/core";
import type { IndexSpec } from "@mortise/sql";
import type { IndexLine } from "../definition/ast.ts";
import { problemAt } from "../definition/problems.ts";

/**
 * An index line. Plain names must be attributes; paths into JSON and expressions go to the database as written, which
 * refuses those it does not know. Indexes that foreign keys need are the database package's own concern.
 */
export function resolveIndex(line: IndexLine, columns: ReadonlySet<string>, table: string): IndexSpec {
  const items = line.items.map((item) => {
    if (!/^[a-z_][a-z0-9_]*$/.test(item)) return { expression: item };
    if (columns.has(item)) return { column: item };
    const guess = nearest(item, columns);
    throw problemAt(line.position, table, "invalid-index", `the index names '${item}', which is no attribute`, {
      hint: guess === undefined ? `attributes: ${[...columns].join(", ")}` : `did you mean '${guess}'?`,
    });
  });
  return { unique: line.unique, items };
}
