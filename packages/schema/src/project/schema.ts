import { TransactionError } from "@mortise/core";
import type { ProjectContext, TableBinding, Tier } from "../context.ts";
import { createSchemaTables, type DefinedBinding } from "../declare/index.ts";
import type { Schema } from "../types/index.ts";
import type { ProjectInternals } from "./internals.ts";
import { createTable, type RuntimeTable, type TableEnvironment } from "./table.ts";

type References = Readonly<Record<string, unknown>>;
type Options = { readonly adopt?: boolean | undefined; readonly contents?: readonly object[] | undefined };

/** The tables of one schema. Nothing is read or written before a table is used. */
export function createSchema(internals: ProjectInternals, context: ProjectContext, name: string): Schema<unknown> {
  const environment: TableEnvironment = { internals, writes: () => internals.writes() };
  const tables = createSchemaTables(context, name, async (table, contents) => {
    const { insertRows } = await import("../rows/insert.ts");
    await insertRows(await internals.writes(), table, contents, { skipDuplicates: true });
  });

  const remember = (binding: DefinedBinding): DefinedBinding => {
    const key = `${binding.schema}.${binding.tableName}`;
    const known = internals.defined.get(key) ?? new Set();
    internals.defined.set(key, known.add(binding));
    return binding;
  };
  const master = (binding: TableBinding): RuntimeTable =>
    Object.assign(createTable(environment, binding), {
      part: (part: string, definition: string, references?: References, options?: Options) =>
        createTable(environment, remember(tables.definePart(binding, part, definition, references, options))),
    });
  const define =
    (tier: Tier) =>
    (table: string, definition: string, references?: References, options?: Options): RuntimeTable =>
      master(remember(tables.define(tier, table, definition, references, options)));

  // The typed interface is checked against definitions at compile time; here they are text.
  const schema = {
    name: tables.schema,
    manual: define("manual"),
    lookup: define("lookup"),
    imported: define("imported"),
    computed: define("computed"),
    table: async (table: string) => createTable(environment, await tables.open(table)),
    declare: (options?: { readonly signal?: AbortSignal | undefined }) => tables.declareAll(options),
    async tableNames(): Promise<readonly string[]> {
      const database = await context.database();
      return await database.catalog.tableNames(await context.executor(), tables.schema);
    },
    async kysely() {
      if (context.inTransaction) {
        throw new TransactionError(
          "nested",
          "schema.kysely() has connections of its own and can't join a transaction",
          {
            hint: "use tables and sql`…` conditions inside, and schema.kysely() before or after",
          },
        );
      }
      return (await context.database()).kysely.withSchema(tables.schema);
    },
  };
  return schema as unknown as Schema<unknown>;
}
