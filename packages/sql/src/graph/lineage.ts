import type { LineageRow } from "../catalog.ts";
import type { TableSpec } from "../table-spec.ts";

/** What a parent's schema says of one of its attributes; undefined where it keeps no row for it. */
export type ParentLineage = (schema: string, table: string, attribute: string) => string | undefined;

/**
 * The origin of every attribute that can be matched by name: those of foreign keys have their parent's, the others of
 * the key begin here, `_singleton` included. Plain secondary attributes have none. Where several foreign keys bring an
 * attribute the last one wins, as in Python.
 */
export function lineageOf(spec: TableSpec, parentLineage: ParentLineage): readonly LineageRow[] {
  const origins = new Map(spec.primaryKey.map((name) => [name, `${spec.schema}.${spec.name}.${name}`]));
  for (const { columns, parent, parentColumns } of spec.foreignKeys) {
    columns.forEach((name, index) => {
      const attribute = parentColumns[index] ?? name;
      const origin = parentLineage(parent.schema, parent.table, attribute);
      origins.set(name, origin ?? `${parent.schema}.${parent.table}.${attribute}`);
    });
  }
  return [...origins].map(([attribute, lineage]) => ({ table: spec.name, attribute, lineage }));
}
