import { setTimeout as sleep } from "node:timers/promises";
import { isMortiseError } from "@mortise/core";
import { type Database, type Executor, executeAll, type LineageRow, type Session, type TableSpec } from "@mortise/sql";
import { tableProblem } from "../definition/problems.ts";
import { writeLineage } from "./lineage.ts";

/** What is known of a table in the database. */
export interface CatalogEntry {
  readonly spec: TableSpec;
  /** undefined where the schema keeps none. */
  readonly lineage: readonly LineageRow[] | undefined;
}

/** Reads one table; undefined where there is none. */
export async function readTable(
  { catalog }: Database,
  executor: Executor,
  schema: string,
  tableName: string,
): Promise<CatalogEntry | undefined> {
  const [spec] = await catalog.tables(executor, schema, [tableName]);
  if (spec === undefined) return undefined;
  return { spec, lineage: await catalog.lineage(executor, schema) };
}

/** How often creating is tried again: with each failure of this kind another program has come further. */
const attempts = 20;
/** What a statement that creates something is told when another program does the same at this moment. */
const othersAtWork: readonly string[] = ["table-exists", "duplicate", "conflict", "busy"];

/**
 * Creates a table with its lineage, its schema and the hidden tables of the write protocol where they are missing;
 * false where another program was faster. Databases check "if not exists" without a lock, so that of several programs
 * some are told that it exists after all, or that they are in each other's way: these look again.
 */
export async function createTable(database: Database, spec: TableSpec): Promise<boolean> {
  for (let round = 1; ; round += 1) {
    try {
      await using session = await database.begin({ ddl: true });
      const created = await createInside(database, session, spec);
      await (created ? session.commit() : session.rollback());
      return created;
    } catch (error) {
      if (round >= attempts || !isMortiseError(error) || !othersAtWork.includes(error.code)) throw error;
      await sleep(Math.random() * 20 * round);
    }
  }
}

/**
 * One transaction, where the database has that for such statements. On MySQL each of them commits, so the table comes
 * last: whatever is there before it is hidden, and harmless to whoever reads it.
 */
async function createInside(database: Database, session: Session, spec: TableSpec): Promise<boolean> {
  const { catalog, dialect, ledger } = database;
  const isNew = !(await catalog.schemas(session)).includes(spec.schema);
  if (isNew) await executeAll(session, dialect.createSchema(spec.schema));
  else if ((await catalog.tableNames(session, spec.schema)).includes(spec.name)) return false;
  await ledger.prepare(session, spec.schema);
  await writeLineage(catalog, session, spec);
  await executeAll(session, dialect.createTable(spec));
  return true;
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
