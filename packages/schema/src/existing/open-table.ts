import { nearest, QueryError } from "@mortise/core";
import type { ProjectContext, TableBinding, Tier } from "../context.ts";
import {
  masterTableOf,
  ownTierOf,
  partTableNameOf,
  qualifiedClassName,
  tableNameOf,
  tierPrefixes,
} from "../names/index.ts";
import { openBinding } from "./open-binding.ts";

const tiers = Object.keys(tierPrefixes) as readonly Tier[];

/**
 * Opens a table that is in the database by its class name (`Session`, `Session.Trial`) or its table name (`#param`,
 * or `param` without its prefix). Throws `QueryError` `missing-table`.
 */
export async function openByName(project: ProjectContext, schema: string, name: string): Promise<TableBinding> {
  return openTableName(project, schema, await findTableName(project, schema, name));
}

/** The table's name in the database. Throws `QueryError` `missing-table`. */
export async function findTableName(project: ProjectContext, schema: string, name: string): Promise<string> {
  const { catalog } = await project.database();
  const executor = await project.executor();
  const schemas = await catalog.schemas(executor);
  const names = schemas.includes(schema) ? await catalog.tableNames(executor, schema) : [];
  const tableName = candidates(name).find((candidate) => names.includes(candidate));
  if (tableName === undefined) throw missingTable(schema, name, names);
  return tableName;
}

/** A part opens its master as well: deletes and object paths need both. */
async function openTableName(project: ProjectContext, schema: string, tableName: string): Promise<TableBinding> {
  const tier = ownTierOf(tableName);
  const { catalog } = await project.database();
  const executor = await project.executor();
  const [spec] = tier === undefined ? [] : await catalog.tables(executor, schema, [tableName]);
  if (tier === undefined || spec === undefined) throw missingTable(schema, tableName, []);
  const masterName = qualifiedClassName(tableName).includes(".") ? masterTableOf(tableName) : undefined;
  const master = masterName === undefined ? undefined : await openTableName(project, schema, masterName);
  return openBinding(project, spec, tier, await catalog.lineage(executor, schema), master);
}

/** Table names that a name may stand for, the exact one first. */
function candidates(name: string): readonly string[] {
  const exact = [name, ...tiers.map((tier) => tierPrefixes[tier] + name)];
  const [master = "", part, ...rest] = name.split(".");
  if (rest.length > 0 || !/^[A-Z]/.test(master)) return exact;
  const masters = tiers.map((tier) => tableNameOf(master, tier));
  return [...exact, ...(part === undefined ? masters : masters.map((table) => partTableNameOf(table, part)))];
}

/** Names as users write them, so that one of them can be copied. */
export function missingTable(schema: string, name: string, names: readonly string[]): QueryError {
  const classes = names.filter((table) => ownTierOf(table) !== undefined).map(qualifiedClassName);
  const guess = nearest(name, classes);
  const list = classes.length === 0 ? "the schema has no tables" : `tables: ${classes.join(", ")}`;
  return new QueryError("missing-table", `schema '${schema}' has no table '${name}'`, {
    hint: guess === undefined ? list : `did you mean '${guess}'?`,
  });
}
