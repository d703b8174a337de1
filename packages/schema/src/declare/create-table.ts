import { type Database, type Executor, type LineageRow, lineageOf, type Session, type TableSpec } from "@mortise/sql";
import { tableProblem } from "../definition/problems.ts";

/** What is known of a table in the database. */
export interface CatalogEntry {
  readonly spec: TableSpec;
  /** undefined where the schema keeps none. */
  readonly lineage: readonly LineageRow[] | undefined;
}

/** Reads one table; undefined where there is none. */
export async function readTable(
  database: Database,
  executor: Executor,
  schema: string,
  tableName: string,
): Promise<CatalogEntry | undefined> {
  const [spec] = await database.catalog.tables(executor, schema, [tableName]);
  if (spec === undefined) return undefined;
  return { spec, lineage: await database.catalog.lineage(executor, schema) };
}

/**
 * Creates a table with its lineage, its schema and the hidden tables of the write protocol where they are missing, in
 * one transaction: another program sees all of it or nothing. Where another program was faster, nothing is created.
 */
export async function createTable(database: Database, spec: TableSpec): Promise<void> {
  await using session = await database.begin();
  if (await createInside(database, session, spec)) await session.commit();
  else await session.rollback();
}

/** Whether the table was created; false where another program was faster since the first look. */
async function createInside(database: Database, session: Session, spec: TableSpec): Promise<boolean> {
  const { catalog, dialect, ledger } = database;
  const schemas = await catalog.schemas(session);
  if (!schemas.includes(spec.schema)) {
    for (const statement of dialect.createSchema(spec.schema)) await session.execute(statement);
  } else if ((await catalog.tableNames(session, spec.schema)).includes(spec.name)) {
    return false;
  }
  for (const statement of dialect.createTable(spec)) await session.execute(statement);
  const rows = lineageOf(spec, await parentLineage(database, session, spec));
  await catalog.replaceLineage(session, spec.schema, spec.name, rows);
  await ledger.prepare(session, spec.schema);
  return true;
}

/**
 * Writes the rows of a table that has none although its schema keeps lineage: without them it could not be joined, here
 * and in Python. A schema without any lineage is left alone: its first row would make all other tables unjoinable.
 */
export async function repairLineage(database: Database, entry: CatalogEntry): Promise<CatalogEntry> {
  const { spec, lineage } = entry;
  if (lineage === undefined || lineage.some(({ table }) => table === spec.name)) return entry;
  await using session = await database.begin();
  const rows = lineageOf(spec, await parentLineage(database, session, spec));
  await database.catalog.replaceLineage(session, spec.schema, spec.name, rows);
  await session.commit();
  return { spec, lineage: [...lineage, ...rows] };
}

/** Reads each schema's lineage once, that of the table's own schema included where a parent stands there. */
async function parentLineage(
  database: Database,
  executor: Executor,
  spec: TableSpec,
): Promise<(schema: string, table: string, attribute: string) => string | undefined> {
  const known = new Map<string, string>();
  for (const schema of new Set(spec.foreignKeys.map(({ parent }) => parent.schema))) {
    for (const row of (await database.catalog.lineage(executor, schema)) ?? []) {
      known.set(`${schema}.${row.table}.${row.attribute}`, row.lineage);
    }
  }
  return (schema, table, attribute) => known.get(`${schema}.${table}.${attribute}`);
}

/** Longer names would be cut or refused halfway through by the database. */
export function checkNameLengths(database: Database, spec: TableSpec, label: string): void {
  const limit = database.dialect.traits.maxIdentifierBytes;
  const encoder = new TextEncoder();
  for (const name of [spec.name, ...spec.columns.map((column) => column.name)]) {
    const { length } = encoder.encode(name);
    if (length <= limit) continue;
    throw tableProblem(
      label,
      "name-too-long",
      `the name '${name}' has ${length} bytes, ${database.backend} allows ${limit}`,
      {
        hint: "choose a shorter name",
      },
    );
  }
}
