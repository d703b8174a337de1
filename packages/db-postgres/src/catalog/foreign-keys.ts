import type { Executor, ForeignKeyEdge, Statement } from "@mortise/sql";
import { sql } from "kysely";

/** A foreign key as `foreignKeyJson` reads it. */
export interface ForeignKeyJson {
  readonly schema: string;
  readonly table: string;
  /** Child and parent column, in constraint order. */
  readonly columns: readonly (readonly [child: string, parent: string])[];
}

/** The parent and columns of the constraint `f`. */
export const foreignKeyJson: Statement = sql`json_build_object(
  'schema', (SELECT n.nspname FROM pg_catalog.pg_class p JOIN pg_catalog.pg_namespace n ON n.oid = p.relnamespace
    WHERE p.oid = f.confrelid),
  'table', (SELECT p.relname FROM pg_catalog.pg_class p WHERE p.oid = f.confrelid),
  'columns', (SELECT json_agg(json_build_array(
      (SELECT attname FROM pg_catalog.pg_attribute WHERE attrelid = f.conrelid AND attnum = k.child),
      (SELECT attname FROM pg_catalog.pg_attribute WHERE attrelid = f.confrelid AND attnum = k.parent))
      ORDER BY k.position)
    FROM unnest(f.conkey, f.confkey) WITH ORDINALITY AS k (child, parent, position)))`;

/** Foreign keys as they were declared: those of partitions are copies. */
export const declaredForeignKey: Statement = sql`f.contype = 'f' AND f.conparentid = 0`;

interface EdgeRow {
  readonly schema: string;
  readonly table: string;
  readonly key: string;
}

/** Every foreign key into the schemas, by child, in the order of declaration. */
export async function readForeignKeysInto(
  executor: Executor,
  schemas: readonly string[],
): Promise<readonly ForeignKeyEdge[]> {
  if (schemas.length === 0) return [];
  const { rows } = await executor.execute<EdgeRow>(sql`
    SELECT n.nspname AS "schema", c.relname AS "table", ${foreignKeyJson} AS "key"
    FROM pg_catalog.pg_constraint f
    JOIN pg_catalog.pg_class c ON c.oid = f.conrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_class p ON p.oid = f.confrelid JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
    WHERE ${declaredForeignKey} AND pn.nspname IN (${sql.join(schemas.map((schema) => sql`${schema}`))})
    ORDER BY n.nspname, c.relname, f.oid`);
  return rows.map(({ schema, table, key }) => {
    const parsed = JSON.parse(key) as ForeignKeyJson;
    const parent = { schema: parsed.schema, table: parsed.table };
    return { child: { schema, table }, parent, columns: parsed.columns };
  });
}
