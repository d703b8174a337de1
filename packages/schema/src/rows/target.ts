import type { Database } from "@mortise/sql";
import { type Acceptor, createAcceptor, type Dialect } from "@mortise/sql";
import type { TableBinding } from "../context.ts";
import type { Attribute, Heading } from "../heading/heading.ts";
import { noKey } from "../query/errors.ts";
import { requireRollback } from "./rollback.ts";

/** One column as rows are written to it. */
export interface WriteColumn {
  readonly attribute: Attribute;
  /** Position in the heading and in `AcceptedRow.values`. */
  readonly index: number;
  /** The check of the column's own type; a codec column is checked by its codec instead. */
  readonly accept: Acceptor;
}

/** A table as rows are written to it: what is the same for all rows, prepared once per call. */
export interface WriteTarget {
  readonly binding: TableBinding;
  readonly heading: Heading;
  readonly dialect: Dialect;
  readonly columns: readonly WriteColumn[];
  readonly byName: ReadonlyMap<string, WriteColumn>;
  /** In key order. */
  readonly key: readonly WriteColumn[];
  readonly rest: readonly WriteColumn[];
  /** Both, in the order in which values are checked: codecs of the rest are told the key. */
  readonly keyFirst: readonly WriteColumn[];
  /** Columns of the primary key in the database: for a table without key attributes a hidden one. */
  readonly primaryKey: readonly string[];
  /** Whether any column keeps its values in a store. */
  readonly external: boolean;
}

/** Looks everything up once. Declares the table where it isn't yet. `byKey`: rows will be found by their key. */
export async function writeTarget(binding: TableBinding, database: Database, byKey: boolean): Promise<WriteTarget> {
  const heading = await binding.heading();
  const spec = await binding.spec();
  requireRollback(spec);
  const { dialect } = database;
  const columns = heading.attributes.map((attribute, index) => ({
    attribute,
    index,
    accept: createAcceptor(attribute.type, dialect.traits),
  }));
  const byName = new Map(columns.map((column) => [column.attribute.name, column]));
  const key = heading.primaryKey.flatMap((name) => byName.get(name) ?? []);
  const rest = columns.filter((column) => !column.attribute.inKey);
  const primaryKey = heading.primaryKey.length > 0 ? heading.primaryKey : spec.primaryKey;
  if (byKey && primaryKey.length === 0) throw noKey(binding.className);
  return {
    binding,
    heading,
    dialect,
    columns,
    byName,
    key,
    rest,
    keyFirst: [...key, ...rest],
    primaryKey,
    external: columns.some(({ attribute }) => attribute.codec?.store !== undefined),
  };
}
