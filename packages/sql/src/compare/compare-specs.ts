import type { ColumnSpec, ForeignKeySpec, TableSpec } from "../table-spec.ts";
import { isHidden } from "./hidden.ts";
import { codecKey, sameDefault, sameType } from "./same-type.ts";

/**
 * Every difference between a table as it is defined and as it is in the database, one sentence each. Comments and
 * plain indexes do not count: they change no result. Hidden columns belong to whoever made them.
 */
export function compareSpecs(defined: TableSpec, found: TableSpec): readonly string[] {
  return [
    ...compareColumns(defined, found),
    ...compareLists("the primary key", defined.primaryKey, found.primaryKey),
    ...compareSets("foreign key", defined.foreignKeys.map(foreignKeyText), found.foreignKeys.map(foreignKeyText)),
    ...compareSets("unique index", uniqueIndexes(defined), uniqueIndexes(found)),
  ];
}

/** Hidden columns are left out: `_singleton` shows in the primary key, job columns belong to Python. */
function visible(spec: TableSpec): readonly ColumnSpec[] {
  return spec.columns.filter(({ name }) => !isHidden(name));
}

/**
 * Columns by name. Their order is compared only where the sets are equal: with an attribute more or less the order
 * always differs, and saying so would hide what matters.
 */
function compareColumns(defined: TableSpec, found: TableSpec): readonly string[] {
  const wanted = visible(defined);
  const there = visible(found);
  const byName = new Map(there.map((column) => [column.name, column]));
  const names = new Set(wanted.map(({ name }) => name));
  const copies = new Set(defined.foreignKeys.flatMap(({ columns }) => columns));
  const differences = wanted.flatMap((column) => {
    const other = byName.get(column.name);
    if (other === undefined) return [`attribute '${column.name}' is not in the database`];
    return compareColumn(column, other, copies.has(column.name));
  });
  for (const { name } of there) {
    if (!names.has(name)) differences.push(`attribute '${name}' is in the database and not in the definition`);
  }
  if (differences.length > 0) return differences;
  return compareLists(
    "the order of the attributes",
    wanted.map(({ name }) => name),
    there.map(({ name }) => name),
  );
}

/** Type, nullability and default, each a sentence that shows both sides. */
function compareColumn(defined: ColumnSpec, found: ColumnSpec, isCopy: boolean): readonly string[] {
  const differences: string[] = [];
  const say = (what: string, ours: string, theirs: string): void => {
    differences.push(`attribute '${defined.name}': ${what} is ${ours} in the definition, ${theirs} in the database`);
  };
  // Python leaves the copies that foreign keys make without a marker. Only the database's own type is known then, which
  // is the parent's: the constraint could not have been made otherwise.
  const unmarked = isCopy && found.marker === undefined && found.type.kind === "native";
  if (!unmarked && !sameColumnType(defined, found)) say("the type", typeText(defined), typeText(found));
  if (defined.nullable !== found.nullable) say("nullable", String(defined.nullable), String(found.nullable));
  if (!sameDefault(defined, found)) say("the default", defaultText(defined), defaultText(found));
  return differences;
}

function sameColumnType(defined: ColumnSpec, found: ColumnSpec): boolean {
  return codecKey(defined.marker) === codecKey(found.marker) && sameType(defined.type, found.type);
}

function typeText(column: ColumnSpec): string {
  return column.marker ?? column.type.text;
}

function defaultText({ default: value }: ColumnSpec): string {
  if (value === undefined) return "missing";
  return value.kind === "literal" ? `'${value.text}'` : value.kind === "sql" ? value.text : "null";
}

function compareLists(what: string, defined: readonly string[], found: readonly string[]): readonly string[] {
  if (defined.join() === found.join()) return [];
  return [`${what} is (${defined.join(", ")}) in the definition, (${found.join(", ")}) in the database`];
}

/** Constraint names are free, so a foreign key is what it connects. */
function foreignKeyText({ columns, parent, parentColumns }: ForeignKeySpec): string {
  return `(${columns.join(", ")}) → ${parent.schema}.${parent.table} (${parentColumns.join(", ")})`;
}

/** Unique indexes decide which rows are duplicates; the others only speed things up. */
function uniqueIndexes(spec: TableSpec): readonly string[] {
  return spec.indexes
    .filter(({ unique }) => unique)
    .map(({ items }) => `(${items.map((item) => ("column" in item ? item.column : item.expression)).join(", ")})`);
}

function compareSets(what: string, defined: readonly string[], found: readonly string[]): readonly string[] {
  const ours = new Set(defined);
  const theirs = new Set(found);
  return [
    ...[...ours].filter((text) => !theirs.has(text)).map((text) => `${what} ${text} is not in the database`),
    ...[...theirs]
      .filter((text) => !ours.has(text))
      .map((text) => `${what} ${text} is in the database and not in the definition`),
  ];
}
