import type { TableSpec } from "../table-spec.ts";

/**
 * The column lists on which foreign keys need an index of their own: without one, each delete of a parent would read
 * the whole child table. None for what begins the primary key, a declared index or a longer list (section 5.4).
 */
export function supportIndexes(spec: TableSpec): readonly (readonly string[])[] {
  const covered: (readonly string[])[] = [
    spec.primaryKey,
    ...spec.indexes.map((index) => index.items.map((item) => ("column" in item ? item.column : ""))),
  ];
  const needed: (readonly string[])[] = [];
  for (const { columns } of [...spec.foreignKeys].sort((a, b) => b.columns.length - a.columns.length)) {
    if (covered.some((index) => columns.every((column, position) => index[position] === column))) continue;
    needed.push(columns);
    covered.push(columns);
  }
  return needed;
}
