import { checkOptions, QueryError } from "@mortise/core";
import { type Catalog, dependentsOf, type GraphTable, type Session, type TableSpec, tableKey } from "@mortise/sql";
import type { TableBinding } from "../context.ts";
import { invalidQuery } from "../query/errors.ts";
import type { DropOptions } from "../types/index.ts";
import { masterOf } from "./masters.ts";

/**
 * Drops a table with its parts and, if asked, everything that depends on it, leaves first, with the lineage they have
 * recorded; answers with what was dropped, in that order. A table that was never declared is none: nothing is dropped.
 *
 * Throws `QueryError` `invalid-query` inside a transaction, `integrity` where other tables depend on it, and
 * `part-without-master` for a part whose master would stay.
 */
export async function dropTable(binding: TableBinding, options: DropOptions = {}): Promise<readonly GraphTable[]> {
  checkOptions("drop", options, ["dependents", "parts"]);
  const { project, className, schema, tableName } = binding;
  if (project.inTransaction)
    throw invalidQuery(
      `${className} can't be dropped inside a transaction: not every database could undo it`,
      "drop it outside",
    );
  const database = await project.database();
  await using session = await database.begin({ ddl: true });
  const order = await existing(database.catalog, session, { schema, table: tableName });
  checkParts(order, className, options);
  checkDependents(order, className, options);
  for (const spec of order) {
    // Writing would create it: all other tables of the schema would then lack theirs.
    if ((await database.catalog.lineage(session, spec.schema)) !== undefined)
      await database.catalog.replaceLineage(session, spec.schema, spec.name, []);
    for (const statement of database.dialect.dropTable(spec)) await session.execute(statement);
  }
  await session.commit();
  return order.map((spec) => ({ schema: spec.schema, table: spec.name }));
}

/** The table and its dependents as they are in the database, leaves first. */
async function existing(catalog: Catalog, session: Session, root: GraphTable): Promise<readonly TableSpec[]> {
  const { order } = await dependentsOf(catalog, session, root);
  const specs = new Map<string, TableSpec>();
  for (const [schema, tables] of Map.groupBy(order, (table) => table.schema)) {
    const names = tables.map(({ table }) => table);
    for (const spec of await catalog.tables(session, schema, names))
      specs.set(tableKey({ schema, table: spec.name }), spec);
  }
  return order.toReversed().flatMap((table) => specs.get(tableKey(table)) ?? []);
}

/** A part without its master would be a table that no definition can describe. */
function checkParts(order: readonly TableSpec[], className: string, options: DropOptions): void {
  if (options.parts === "ignore") return;
  const dropped = new Set(order.map(({ schema, name }) => tableKey({ schema, table: name })));
  for (const { schema, name } of order) {
    const master = masterOf({ schema, table: name });
    if (master !== undefined && !dropped.has(tableKey(master)))
      throw new QueryError(
        "part-without-master",
        `dropping ${className} would drop the part ${schema}.${name} and leave its master ${tableKey(master)}`,
        { hint: 'drop the master, or say drop({ parts: "ignore" })' },
      );
  }
}

/** Parts go with their master without being asked for: they are nothing without it. */
function checkDependents(order: readonly TableSpec[], className: string, options: DropOptions): void {
  if (options.dependents === true) return;
  const root = order.at(-1);
  const others = order.filter(({ schema, name }) => {
    const master = masterOf({ schema, table: name });
    const ownPart = master !== undefined && schema === root?.schema && master.table === root.name;
    return !ownPart && !(schema === root?.schema && name === root.name);
  });
  if (others.length === 0) return;
  const names = others.map(({ schema, name }) => `${schema}.${name}`);
  throw new QueryError("integrity", `${className} can't be dropped: ${names.join(", ")} depend on it`, {
    hint: "drop them first, or all together: drop({ dependents: true })",
  });
}
