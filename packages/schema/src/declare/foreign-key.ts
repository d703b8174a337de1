import {
  type ColumnSpec,
  type ForeignKeySpec,
  isHidden,
  sameType,
  type TableSpec,
  withoutNumbering,
} from "@mortise/sql";
import type { ForeignKeyLine } from "../definition/ast.ts";
import { problemAt } from "../definition/problems.ts";

/** A table that a `->` line refers to, as the database has it. */
export interface ParentTable {
  /** The class name, for messages. */
  readonly label: string;
  readonly spec: TableSpec;
}

/** A foreign key line with its parent: the constraint, and its columns as copies of the parent's. */
export interface ResolvedForeignKey {
  readonly constraint: ForeignKeySpec;
  readonly columns: readonly ColumnSpec[];
}

/**
 * Copies the whole key of the parent under the names that the line gives. The copies keep type, marker and comment, so
 * that readers see the same attribute; nullability is the line's, and neither a default nor numbering is inherited.
 */
export function resolveForeignKey(line: ForeignKeyLine, parent: ParentTable, table: string): ResolvedForeignKey {
  const { spec } = parent;
  if (spec.primaryKey.every(isHidden)) {
    throw problemAt(
      line.position,
      table,
      "invalid-reference",
      `${parent.label} has no key to refer to: it is a singleton`,
    );
  }
  const newNames = invert(line, parent, table);
  const columns = spec.primaryKey.map((name): ColumnSpec => {
    const column = spec.columns.find((candidate) => candidate.name === name);
    if (column === undefined) throw new TypeError(`the key column ${name} of ${spec.name} is not among its columns`);
    const type = withoutNumbering(column.type);
    return { ...column, type, name: newNames.get(name) ?? name, nullable: line.nullable, default: undefined };
  });
  return {
    columns,
    constraint: {
      columns: columns.map(({ name }) => name),
      parent: { schema: spec.schema, table: spec.name },
      parentColumns: spec.primaryKey,
    },
  };
}

/** Name in the parent → new name. A rename of anything but the parent's key would have no effect, so it is refused. */
function invert(line: ForeignKeyLine, parent: ParentTable, table: string): ReadonlyMap<string, string> {
  const key = parent.spec.primaryKey;
  const names = new Map<string, string>();
  for (const [to, from] of Object.entries(line.renames)) {
    if (!key.includes(from)) {
      throw problemAt(line.position, table, "invalid-reference", `'${from}' is not in the key of ${parent.label}`, {
        hint: `its key is (${key.join(", ")})`,
      });
    }
    if (names.has(from)) {
      throw problemAt(line.position, table, "invalid-reference", `'${from}' of ${parent.label} is renamed twice`);
    }
    names.set(from, to);
  }
  const results = key.map((name) => names.get(name) ?? name);
  const twice = results.find((name, index) => results.indexOf(name) !== index);
  if (twice !== undefined) {
    throw problemAt(line.position, table, "invalid-reference", `two attributes of ${parent.label} become '${twice}'`);
  }
  return names;
}

/**
 * A column that was declared earlier is used again. Of another type than the parent's it would make a constraint that
 * some databases refuse and SQLite never satisfies.
 */
export function checkReuse(line: ForeignKeyLine, existing: ColumnSpec, copy: ColumnSpec, table: string): void {
  if (sameType(existing.type, copy.type)) return;
  throw problemAt(
    line.position,
    table,
    "invalid-reference",
    `'${copy.name}' is ${copy.type.text} in ${line.reference}, but ${existing.type.text} here`,
    {
      hint: `remove the attribute '${copy.name}': the foreign key brings it along, or rename it with .proj(new='${copy.name}')`,
    },
  );
}
