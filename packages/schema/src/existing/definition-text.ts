import { type IndexSpec, isHidden, type TableSpec, tableKey } from "@mortise/sql";
import type { DefinitionItem, ForeignKeyLine } from "../definition/ast.ts";
import { printDefinition } from "../definition/print.ts";
import { masterTableOf, qualifiedClassName, tierOf } from "../names/index.ts";
import { columnLine, oneLine } from "./column-line.ts";
import { inParentOrder, isExpressible, type PlacedForeignKey, placeForeignKeys } from "./foreign-key-places.ts";

/**
 * The definition of a table as the catalog has it; `parents` are the tables it refers to, by `schema.table`. What no
 * definition can say of a table that others have made stands in comments at the end.
 */
export function definitionText(spec: TableSpec, parents: ReadonlyMap<string, TableSpec>): string {
  const notes: string[] = [];
  const key = spec.primaryKey.filter((name) => !isHidden(name));
  if (spec.primaryKey.length === 0) notes.push("the table has no primary key");
  if (isPartByNameOnly(spec)) notes.push("-> master, which a part needs: this one has no foreign key to its master");
  const visible = spec.columns.filter(({ name }) => !isHidden(name));
  const columns = [
    ...key.flatMap((name) => visible.find((column) => column.name === name) ?? []),
    ...visible.filter(({ name }) => !key.includes(name)),
  ];
  if (columns.some((column, index) => column !== visible[index]))
    notes.push(`the columns stand in the order ${visible.map(({ name }) => name).join(", ")}`);

  const indexes = [...spec.indexes];
  const known = spec.foreignKeys.map((each) => ({ spec: each, parent: parents.get(tableKey(each.parent)) }));
  for (const { spec: each } of known.filter((one) => !isExpressible(one, spec)))
    notes.push(`a foreign key leads from ${each.columns.join(", ")} to ${parentText(each)}`);
  const items: DefinitionItem[] = [];
  for (const item of placeForeignKeys(
    columns,
    key,
    known.filter((one) => isExpressible(one, spec)),
  )) {
    if ("key" in item) items.push(foreignKeyLine(item, spec, takeUnique(indexes, inParentOrder(item.key))));
    else {
      const { line, notes: more } = columnLine(item, key.includes(item.name));
      items.push(line);
      notes.push(...more);
    }
  }
  for (const index of indexes) {
    const names = index.items.map((item) => ("column" in item ? item.column : item.expression));
    if (names.some(isHidden)) notes.push(`an index stands on ${names.join(", ")}`);
    else items.push({ kind: "index", position, unique: index.unique, items: names });
  }
  // Without any other line the first note would be read as the table's comment.
  const text = printDefinition({ comment: oneLine(spec.comment), items }) || "---";
  return [text, ...notes.map((note) => `# not in this definition: ${oneLine(note)}`)].join("\n");
}

/** Python declares such parts, for example with a foreign key to another part alone. */
function isPartByNameOnly({ schema, name, primaryKey, foreignKeys }: TableSpec): boolean {
  if (tierOf(name) !== "part") return false;
  const master = tableKey({ schema, table: masterTableOf(name) ?? "" });
  return !foreignKeys.some(
    ({ parent, columns }) => tableKey(parent) === master && columns.every((column) => primaryKey.includes(column)),
  );
}

const position = { line: 1, column: 1 };

/** `-> [options] Parent.proj(…)`. In the key as long as only columns of the key were declared: it adds none then. */
function foreignKeyLine({ key, declares }: PlacedForeignKey, spec: TableSpec, unique: boolean): ForeignKeyLine {
  const { columns, parentColumns } = key.spec;
  const renamed = columns.flatMap((name, index) => {
    const from = parentColumns[index] ?? name;
    return from === name ? [] : [[name, from] as const];
  });
  return {
    kind: "foreign-key",
    position,
    inKey: columns.every((name) => spec.primaryKey.includes(name)),
    nullable: declares.some(({ nullable }) => nullable),
    unique,
    reference: referenceOf(key.spec.parent, spec),
    renames: Object.fromEntries(renamed),
  };
}

/** The name that a definition of this table gives another one: of another schema with the schema's name in front. */
function referenceOf(parent: { readonly schema: string; readonly table: string }, spec: TableSpec): string {
  if (parent.schema !== spec.schema) return `${parent.schema}.${qualifiedClassName(parent.table)}`;
  const isMaster = tierOf(spec.name) === "part" && masterTableOf(spec.name) === parent.table;
  return isMaster ? "master" : qualifiedClassName(parent.table);
}

/** Whether there is a unique index on exactly these columns; it is then the option of the foreign key, and no line. */
function takeUnique(indexes: IndexSpec[], columns: readonly string[]): boolean {
  const found = indexes.findIndex(
    ({ unique, items }) =>
      unique && items.map((item) => ("column" in item ? item.column : "")).join() === columns.join(),
  );
  if (found >= 0) indexes.splice(found, 1);
  return found >= 0;
}

function parentText({ parent, parentColumns }: TableSpec["foreignKeys"][number]): string {
  return `${tableKey(parent)} (${parentColumns.join(", ")})`;
}
