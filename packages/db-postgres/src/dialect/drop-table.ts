import type { Statement, TableSpec } from "@mortise/sql";
import { sql } from "kysely";
import { enumPrefix, isEnum } from "./enum-type.ts";
import { literal } from "./literal.ts";
import { quoteTable } from "./names.ts";

/**
 * Drops a table and the enum types of its columns that nothing else uses. Never with CASCADE, which would take the
 * columns of other tables along: PostgreSQL itself says which types are still needed.
 */
export function dropTable(spec: TableSpec): readonly Statement[] {
  const table = quoteTable(spec.schema, spec.name);
  const drop = `DROP TABLE ${table}`;
  if (!spec.columns.some(({ type }) => isEnum(type))) return [sql.raw(drop)];
  return [
    sql.raw(
      `DO ${literal(`DECLARE
  kind pg_catalog.regtype;
  kinds pg_catalog.regtype[] := ARRAY(
    SELECT DISTINCT t.oid::pg_catalog.regtype
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    WHERE a.attrelid = ${literal(table)}::pg_catalog.regclass AND NOT a.attisdropped
      AND t.typtype = 'e' AND pg_catalog.starts_with(t.typname::text, ${literal(enumPrefix)}));
BEGIN
  ${drop};
  FOREACH kind IN ARRAY kinds LOOP
    BEGIN
      EXECUTE pg_catalog.format('DROP TYPE %s', kind);
    EXCEPTION WHEN dependent_objects_still_exist OR insufficient_privilege THEN
      NULL;
    END;
  END LOOP;
END`)}`,
    ),
  ];
}
