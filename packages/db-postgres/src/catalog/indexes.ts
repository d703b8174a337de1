import type { ForeignKeySpec, IndexSpec } from "@mortise/sql";
import { declaredPrefix } from "../dialect/indexes.ts";

/** An index as the catalog has it. */
export interface IndexJson extends IndexSpec {
  readonly name: string;
}

/**
 * The indexes of a definition. Those that a foreign key needs are left out, ours by their name; Python's have the same
 * names as declared ones, but exactly the columns of a foreign key.
 */
export function declaredIndexes(
  indexes: readonly IndexJson[],
  foreignKeys: readonly ForeignKeySpec[],
): readonly IndexSpec[] {
  const references = new Set(foreignKeys.map(({ columns }) => JSON.stringify(columns)));
  const isSupport = ({ name, unique, items }: IndexJson): boolean =>
    !unique &&
    !name.startsWith(declaredPrefix) &&
    references.has(JSON.stringify(items.map((item) => ("column" in item ? item.column : undefined))));
  return indexes.filter((index) => !isSupport(index)).map(({ unique, items }) => ({ unique, items }));
}
