import type { Registry } from "@mortise/core";
import { type ColumnSpec, type ForeignKeySpec, type IndexSpec, sameType, type TableSpec } from "@mortise/sql";
import type { AttributeLine, ForeignKeyLine, TableDefinition } from "../definition/ast.ts";
import { resolveColumn } from "../definition/column.ts";
import { problemAt } from "../definition/problems.ts";
import { checkReuse, type ParentTable, resolveForeignKey } from "./foreign-key.ts";
import { resolveIndex } from "./index-spec.ts";

/** What a table is called, in the database and in messages. */
export interface TableTarget {
  readonly schema: string;
  readonly tableName: string;
  /** The class name, for messages. */
  readonly label: string;
}

/** The key of a table without one: it can hold one row. Hidden, never inserted. */
const singletonColumn: ColumnSpec = {
  name: "_singleton",
  type: { kind: "core", name: "bool", text: "bool" },
  marker: "bool",
  comment: "singleton primary key",
  nullable: false,
  default: { kind: "literal", text: "1" },
};

/**
 * The table that a definition makes. `parentOf` gives the table of a reference, which must be in the database.
 * Throws `DefinitionError` with the position of the line.
 */
export function buildTableSpec(
  definition: TableDefinition,
  target: TableTarget,
  registry: Registry,
  parentOf: (reference: string) => ParentTable,
): TableSpec {
  const builder = new SpecBuilder(target, registry, parentOf);
  for (const item of definition.items) {
    if (item.kind === "attribute") builder.addAttribute(item);
    else if (item.kind === "foreign-key") builder.addForeignKey(item);
  }
  return builder.finish(definition);
}

/**
 * Collects the columns line by line. A name that was declared before is used again and not declared twice, which is how
 * several foreign keys share an attribute; in the key part it joins the key all the same.
 */
class SpecBuilder {
  readonly #target: TableTarget;
  readonly #registry: Registry;
  readonly #parentOf: (reference: string) => ParentTable;
  readonly #columns = new Map<string, ColumnSpec>();
  readonly #primaryKey: string[] = [];
  readonly #foreignKeys: ForeignKeySpec[] = [];
  readonly #uniqueKeys: IndexSpec[] = [];

  constructor(target: TableTarget, registry: Registry, parentOf: (reference: string) => ParentTable) {
    this.#target = target;
    this.#registry = registry;
    this.#parentOf = parentOf;
  }

  /** An attribute line; below a foreign key that brought the name, it may only repeat it. */
  addAttribute(line: AttributeLine): void {
    const { type, marker } = resolveColumn(line, this.#registry, this.#target.label);
    const earlier = this.#columns.get(line.name);
    if (earlier !== undefined && !sameType(earlier.type, type)) {
      throw problemAt(
        line.position,
        this.#target.label,
        "duplicate-attribute",
        `'${line.name}' is ${line.typeText} here, but a foreign key above it declares it as ${earlier.type.text}`,
        { hint: "remove the line, or rename the foreign key's attribute with .proj(…)" },
      );
    }
    if (earlier === undefined) {
      const { name, comment, nullable } = line;
      this.#columns.set(name, { name, type, marker, comment, nullable, default: line.default });
    }
    if (line.inKey) this.#addToKey(line.name);
  }

  /** A foreign key line: its columns stand where the line stands, in the order of the parent's key. */
  addForeignKey(line: ForeignKeyLine): void {
    const { columns, constraint } = resolveForeignKey(line, this.#parentOf(line.reference), this.#target.label);
    for (const column of columns) {
      const existing = this.#columns.get(column.name);
      if (existing === undefined) this.#columns.set(column.name, column);
      else checkReuse(line, existing, column, this.#target.label);
      if (line.inKey) this.#addToKey(column.name);
    }
    this.#foreignKeys.push(constraint);
    if (line.unique) this.#uniqueKeys.push({ unique: true, items: constraint.columns.map((column) => ({ column })) });
  }

  /** Indexes come last, because they may name attributes of any line. */
  finish(definition: TableDefinition): TableSpec {
    const names = new Set(this.#columns.keys());
    const declared = definition.items
      .filter((item) => item.kind === "index")
      .map((item) => resolveIndex(item, names, this.#target.label));
    const isSingleton = this.#primaryKey.length === 0;
    return {
      schema: this.#target.schema,
      name: this.#target.tableName,
      comment: definition.comment,
      columns: [...(isSingleton ? [singletonColumn] : []), ...this.#columns.values()],
      primaryKey: isSingleton ? [singletonColumn.name] : this.#primaryKey,
      foreignKeys: this.#foreignKeys,
      indexes: [...this.#uniqueKeys, ...declared],
    };
  }

  #addToKey(name: string): void {
    if (!this.#primaryKey.includes(name)) this.#primaryKey.push(name);
  }
}
