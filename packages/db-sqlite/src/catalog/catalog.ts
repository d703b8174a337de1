import type { Catalog } from "@mortise/sql";
import { sql } from "kysely";
import { readForeignKeys } from "./foreign-keys.ts";
import { readLineage, replaceLineage } from "./lineage.ts";
import { readTables } from "./read-tables.ts";

/** What the file knows of its tables. A schema exists as long as it has a table. */
export const sqliteCatalog: Catalog = {
  async schemas(executor) {
    const { rows } = await executor.execute<{ schema: string }>(
      sql`select distinct "schema" from "~tables" order by "schema"`,
    );
    return rows.map((row) => row.schema);
  },
  async tableNames(executor, schema) {
    const { rows } = await executor.execute<{ name: string }>(sql`
      select "name" from "~tables" where "schema" = ${schema} and "name" not like '~%' order by "name"`);
    return rows.map((row) => row.name);
  },
  tables: readTables,
  foreignKeysInto: (executor, schemas) => readForeignKeys(executor, { parentSchemas: schemas }),
  lineage: readLineage,
  replaceLineage,
};
