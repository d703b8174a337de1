import type { ForeignKeySpec, IndexSpec } from "@mortise/sql";
import type { IndexLine } from "../definition/ast.ts";
import { problemAt } from "../definition/problems.ts";
import { nearest } from "../query/nearest.ts";

/** An index line; plain names must be attributes, anything else goes to the database as written. */
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

/**
 * Indexes that foreign keys need: without one, every delete in the parent reads the whole child. Keys and indexes that
 * begin with the same columns serve as well; the longest foreign key goes first, because it may serve shorter ones.
 */
export function supportIndexes(
  foreignKeys: readonly ForeignKeySpec[],
  primaryKey: readonly string[],
  declared: readonly IndexSpec[],
): readonly IndexSpec[] {
  const covering = [primaryKey, ...declared.map(leadingColumns)];
  const added: IndexSpec[] = [];
  for (const { columns } of foreignKeys.toSorted((a, b) => b.columns.length - a.columns.length)) {
    if (covering.some((list) => columns.every((name, index) => list[index] === name))) continue;
    covering.push(columns);
    added.push({ unique: false, items: columns.map((column) => ({ column })) });
  }
  return added;
}

/** The columns of an index up to its first expression. */
function leadingColumns({ items }: IndexSpec): readonly string[] {
  const names = items.map((item) => ("column" in item ? item.column : undefined));
  const end = names.indexOf(undefined);
  return names.slice(0, end === -1 ? names.length : end).filter((name) => name !== undefined);
}
