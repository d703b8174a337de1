import { isMortiseError, QueryError } from "@mortise/core";
import { compareSpecs, type Database } from "@mortise/sql";
import type { TableBinding } from "../context.ts";
import type { TableDefinition } from "../definition/ast.ts";
import { tableProblem } from "../definition/problems.ts";
import { type Heading, headingFromSpec } from "../heading/index.ts";
import { type CatalogEntry, checkNameLengths, createTable, readTable } from "./create-table.ts";
import type { ParentTable } from "./foreign-key.ts";
import { checkComputedKey } from "./key-rule.ts";
import { replaceLineageOf } from "./lineage.ts";
import { buildTableSpec } from "./table-spec.ts";

/** A table that is known to be in the database. */
export interface DeclaredTable {
  readonly heading: Heading;
  readonly spec: CatalogEntry["spec"];
}

/** What declaring needs to know of a binding. */
export type DeclarableTable = Omit<TableBinding, "heading" | "spec" | "definition"> & {
  readonly definition: TableDefinition;
};

/**
 * Creates the table where it is missing, parents first; else compares it with the definition. A difference is
 * `DefinitionError` `mismatch` with all of them, unless `adopt` says that the database is right. Where
 * `database.create_tables` is false, a missing table is `QueryError` `missing-table`, and nothing is repaired.
 */
export async function declareTable(
  table: DeclarableTable,
  options: { readonly adopt?: boolean | undefined },
): Promise<DeclaredTable> {
  const database = await table.project.database();
  const parents = await declareParents(table);
  const defined = buildTableSpec(
    table.definition,
    { schema: table.schema, tableName: table.tableName, label: table.className },
    table.project.registry,
    (reference) => parents.get(reference) ?? missingParent(reference),
  );
  // Most programs find their tables: a look without the write lock comes first, and creating looks again inside it.
  const found = await readTable(database, database, table.schema, table.tableName);
  const entry = await (mayCreate(table) ? complete(database, table, defined, found) : found);
  if (entry === undefined) throw notCreated(table);
  if (options.adopt !== true) refuseDifferences(table.className, compareSpecs(defined, entry.spec));
  return declared(entry, table);
}

/** Programs that only read may run without the right, or the wish, to create anything. */
function mayCreate({ project }: DeclarableTable): boolean {
  return project.config.database["create_tables"] !== false;
}

async function complete(
  database: Database,
  table: DeclarableTable,
  defined: CatalogEntry["spec"],
  found: CatalogEntry | undefined,
): Promise<CatalogEntry> {
  return found === undefined ? await create(database, table, defined) : await repairLineage(database, table, found);
}

function notCreated({ schema, className }: DeclarableTable): QueryError {
  return new QueryError(
    "missing-table",
    `schema '${schema}' has no table '${className}', and database.create_tables is false`,
    { hint: "declare it with a program that may create tables, or look at the name of the schema" },
  );
}

function declared({ spec, lineage }: CatalogEntry, { project }: Pick<TableBinding, "project">): DeclaredTable {
  return { spec, heading: headingFromSpec(spec, lineage, project.registry) };
}

/** Their keys are needed, and a constraint needs the table. Parents declare theirs in turn; cycles can't be defined. */
async function declareParents(table: DeclarableTable): Promise<ReadonlyMap<string, ParentTable>> {
  const parents = new Map<string, ParentTable>();
  for (const item of table.definition.items) {
    if (item.kind !== "foreign-key" || parents.has(item.reference)) continue;
    const parent = table.references[item.reference] ?? missingParent(item.reference);
    parents.set(item.reference, { label: parent.className, spec: await parent.spec() });
  }
  return parents;
}

/** Can't happen: references are checked where the table is defined. */
function missingParent(reference: string): never {
  throw new TypeError(`the reference ${reference} was not bound`);
}

/** Rules for new tables only stand here: an existing table that breaks them is used as it is. */
async function create(database: Database, table: DeclarableTable, spec: CatalogEntry["spec"]): Promise<CatalogEntry> {
  if (table.master === undefined) {
    const fromParents = new Set(spec.foreignKeys.flatMap(({ columns }) => columns));
    checkComputedKey(table.definition, table.tier, table.className, fromParents);
  }
  checkNameLengths(database, spec, table.className);
  const created = await createTable(database, spec).catch((error: unknown) => ({ error }));
  // Read back: a table that was just created and one that was found are then the same to all that follows.
  const entry = await readTable(database, database, table.schema, table.tableName);
  if (entry === undefined) {
    if (typeof created === "object") throw created.error;
    throw tableProblem(table.className, "mismatch", `the table '${spec.name}' was created and is gone again`, {
      hint: "does another program drop it?",
    });
  }
  // On MySQL the rows that this program has written already stay, and its definition may be another.
  if (created !== true) return await repairLineage(database, table, entry, true);
  table.project.logger.debug("table.declared", { schema: table.schema, table: table.tableName });
  return entry;
}

/**
 * Writes the rows of a table that has none although its schema keeps lineage: without them it could not be joined, here
 * and in Python. A schema without any lineage is left alone: its first row would make all other tables unjoinable. A
 * user who may only read uses the table all the same.
 */
async function repairLineage(
  database: Database,
  { project: { logger } }: DeclarableTable,
  entry: CatalogEntry,
  always = false,
): Promise<CatalogEntry> {
  const { spec, lineage } = entry;
  const others = lineage?.filter(({ table }) => table !== spec.name);
  if (others === undefined || (!always && others.length !== lineage?.length)) return entry;
  try {
    await using session = await database.begin({ ddl: true });
    const rows = await replaceLineageOf(database.catalog, session, spec);
    await session.commit();
    return { spec, lineage: [...others, ...rows] };
  } catch (error) {
    if (!isMortiseError(error, "access")) throw error;
    logger.debug("lineage.missing", { schema: spec.schema, table: spec.name });
    return entry;
  }
}

/** One error for all of them: a definition is corrected once, not difference by difference. */
function refuseDifferences(label: string, differences: readonly string[]): void {
  if (differences.length === 0) return;
  throw tableProblem(
    label,
    "mismatch",
    `the definition differs from the table in the database:\n${differences.map((text) => `  - ${text}`).join("\n")}`,
    { hint: "correct the definition, or pass { adopt: true } to use the table as it is" },
  );
}
