import { DefinitionError } from "@mortise/core";
import { type IndexSpec, supportIndexes, type TableSpec } from "@mortise/sql";
import { cutToBytes, maxNameBytes, quote, quoteNames, quoteTable } from "./names.ts";
import { shortHash } from "./short-hash.ts";

/** How the names of declared indexes begin. Python's begin with `idx_`, also those it adds for foreign keys. */
export const declaredPrefix = "index_";
/** How the names of indexes begin that a foreign key needs. */
const supportPrefix = "fk_";

/** The indexes of a table: those of its definition, then those that its foreign keys need. */
export function createIndexes(spec: TableSpec): readonly string[] {
  const declared = spec.indexes.map((index, position) =>
    createIndex(spec, declaredPrefix, position, index.unique, plainColumns(spec, index)),
  );
  const support = supportIndexes(spec).map((columns, position) =>
    createIndex(spec, supportPrefix, position, false, columns),
  );
  return [...declared, ...support];
}

/** Index names are one namespace per schema, so a hash of everything that tells them apart ends the name. */
function createIndex(
  spec: TableSpec,
  prefix: string,
  position: number,
  unique: boolean,
  columns: readonly string[],
): string {
  const hash = shortHash([spec.name, prefix, position, ...columns].join("\n"));
  const readable = cutToBytes(`${prefix}${spec.name}_${columns.join("_")}`, maxNameBytes - hash.length - 1);
  const name = quote(`${readable}_${hash}`);
  const table = quoteTable(spec.schema, spec.name);
  return `CREATE ${unique ? "UNIQUE " : ""}INDEX ${name} ON ${table} (${quoteNames(columns)})`;
}

/** Expressions are written for one database; a definition with MySQL's must not half work here. */
function plainColumns(spec: TableSpec, { items }: IndexSpec): readonly string[] {
  return items.map((item) => {
    if ("column" in item) return item.column;
    throw new DefinitionError(
      "invalid-index",
      `${spec.schema}.${spec.name}: an index on ${item.expression} can't be declared on PostgreSQL`,
      { table: spec.name, hint: "name attributes only, and create an index on an expression by hand if it is needed" },
    );
  });
}
