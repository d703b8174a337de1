import { type ColumnSpec, type ForeignKeySpec, isHidden, sameType, type TableSpec } from "@mortise/sql";

/** A foreign key of a table with the table it refers to; undefined where this user can't see that. */
export interface KnownForeignKey {
  readonly spec: ForeignKeySpec;
  readonly parent: TableSpec | undefined;
}

/** A foreign key at a place in the definition, with the columns that its line declares. */
export interface PlacedForeignKey {
  readonly key: KnownForeignKey;
  readonly declares: readonly ColumnSpec[];
}

/**
 * Puts the columns of a table and its foreign keys into an order in which a definition gives the same columns: a line
 * `-> Parent` declares the columns of the parent's key that are not there yet. Where the table's columns are no such
 * copies, they are declared by themselves, and the foreign key's line comes after the last of them.
 */
export function placeForeignKeys(
  columns: readonly ColumnSpec[],
  primaryKey: readonly string[],
  keys: readonly KnownForeignKey[],
): readonly (ColumnSpec | PlacedForeignKey)[] {
  const items: (ColumnSpec | PlacedForeignKey)[] = [];
  const declared = new Set<string>();
  let pending = keys.map((key) => ({ key, names: inParentOrder(key) }));
  for (let next = 0; ; ) {
    const found = pending
      .map(({ key, names }) => ({ key, count: names.filter((name) => !declared.has(name)).length, names }))
      .map(({ key, count, names }) => ({ key, names, declares: columns.slice(next, next + count) }))
      .find(({ key, names, declares }) => {
        const missing = names.filter((name) => !declared.has(name));
        return (
          missing.join() === declares.map(({ name }) => name).join() &&
          (declares.length === 0 || areCopies(declares, key, primaryKey))
        );
      });
    const column = columns[next];
    if (found !== undefined) {
      const { key, declares } = found;
      items.push({ key, declares });
      pending = pending.filter((other) => other.key !== key);
      next += declares.length;
      for (const { name } of declares) declared.add(name);
    } else if (column !== undefined) {
      items.push(column);
      declared.add(column.name);
      next += 1;
    } else return items;
  }
}

/** Whether a definition can say it: the whole key of another table, no hidden column on either side. */
export function isExpressible({ spec, parent }: KnownForeignKey, child: TableSpec): boolean {
  if (spec.parent.schema === child.schema && spec.parent.table === child.name) return false;
  if ([...spec.columns, ...spec.parentColumns].some(isHidden)) return false;
  return parent === undefined || [...spec.parentColumns].sort().join() === [...parent.primaryKey].sort().join();
}

/** The table's own names in the order of the parent's key, in which a line declares them. */
export function inParentOrder({ spec, parent }: KnownForeignKey): readonly string[] {
  const order = parent?.primaryKey ?? spec.parentColumns;
  return order.map((name) => spec.columns[spec.parentColumns.indexOf(name)] ?? name);
}

/** Whether the columns are what the line would make of them. */
function areCopies(columns: readonly ColumnSpec[], { spec, parent }: KnownForeignKey, key: readonly string[]): boolean {
  const [first] = columns;
  return columns.every((column) => {
    const origin = spec.parentColumns[spec.columns.indexOf(column.name)];
    const original = parent?.columns.find(({ name }) => name === origin);
    // Python leaves them without a marker; the constraint itself says then that they are of one type.
    const same =
      original === undefined ||
      column.marker === undefined ||
      (sameType(column.type, original.type) && column.comment === original.comment);
    return (
      same &&
      (column.default === undefined || column.default.kind === "null") &&
      column.nullable === first?.nullable &&
      key.includes(column.name) === key.includes(first.name)
    );
  });
}
