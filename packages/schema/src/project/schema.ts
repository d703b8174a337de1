import { TransactionError } from "@mortise/core";
import type { ProjectContext, TableBinding, Tier } from "../context.ts";
import { createSchemaTables, type DefinedBinding } from "../declare/index.ts";
import type { AnyTable, Schema } from "../types/index.ts";
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

  const objects = new Map<string, RuntimeTable>();
  const create = (binding: TableBinding): RuntimeTable => createTable(environment, binding);
  const defined = (table: RuntimeTable): RuntimeTable => {
    objects.set(table.tableName, table);
    return table;
  };
  const remember = (binding: DefinedBinding): DefinedBinding => {
    const key = `${binding.schema}.${binding.tableName}`;
    const known = internals.defined.get(key) ?? new Set();
    internals.defined.set(key, known.add(binding));
    return binding;
  };
  const master = (binding: TableBinding): RuntimeTable =>
    Object.assign(create(binding), {
      part: (part: string, definition: string, references?: References, options?: Options) =>
        defined(create(remember(tables.definePart(binding, part, definition, references, options)))),
    });
  const define =
    (tier: Tier) =>
    (table: string, definition: string, references?: References, options?: Options): RuntimeTable =>
      defined(master(remember(tables.define(tier, table, definition, references, options))));
  const existing = () => import("../existing/index.ts");

  // The typed interface is checked against definitions at compile time; here they are text.
  const schema = {
    name: tables.schema,
    manual: define("manual"),
    lookup: define("lookup"),
    imported: define("imported"),
    computed: define("computed"),
    table: async (table: string) => create(await tables.open(table)),
    async tables() {
      const found = await (await existing()).existingTables(context, tables.schema);
      return new Map(
        found.map(({ className, binding }) => [className, objects.get(binding.tableName) ?? create(binding)]),
      );
    },
    async describe(table: string | AnyTable) {
      const { schemaName, tableName } = typeof table === "string" ? { schemaName: name, tableName: table } : table;
      return (await existing()).describeTable(context, schemaName, tableName);
    },
    generateTypes: async () => (await existing()).generateTypes(context, tables.schema),
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
