import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Codec, createRegistry, type DecodeContext, silentLogger } from "@mortise/core";
import { createConfig } from "@mortise/core/config";
import { acceptValue, type Database, type Session, useDefault } from "@mortise/sql";
import type { ProjectContext, TableBinding } from "../src/context.ts";
import { createSchemaTables, type SchemaTables } from "../src/declare/index.ts";
import { createQuery, type RuntimeQuery } from "../src/query/selection.ts";
import { createTestDatabase } from "./database/test-database.ts";

/** Tables on a real database, without the object side: what queries and deletes are tested on. */
export interface TestProject extends AsyncDisposable {
  readonly context: ProjectContext;
  readonly database: Database;
  readonly warnings: string[];
  schema(name: string): SchemaTables;
  /** Rows as a user would write them; columns left out take their default. */
  insert(binding: TableBinding, rows: readonly Readonly<Record<string, unknown>>[]): Promise<void>;
  /** The table's query object. */
  query(binding: TableBinding): RuntimeQuery;
  /** Runs `work` with the context in a transaction, which commits unless `work` throws. */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>;
}

/** Call it with `await using`: disposing removes the database. */
export async function openTestProject(codecs: readonly Codec[] = []): Promise<TestProject> {
  const directory = await mkdtemp(join(tmpdir(), "mortise-schema-"));
  const place = await createTestDatabase();
  const database = await place.open();
  const warnings: string[] = [];
  let session: Session | undefined;
  const context: ProjectContext = {
    config: createConfig(),
    registry: createRegistry(codecs),
    logger: { ...silentLogger, warn: (event) => warnings.push(event) },
    database: async () => database,
    executor: async () => session ?? database,
    get inTransaction() {
      return session !== undefined;
    },
    objects: {
      resolveName: (name) => (name === undefined || name === "" ? "main" : name),
      open: () => Promise.reject(new Error("this project has no stores")),
      decodeContext: (site, storeName, signal): DecodeContext => ({
        site,
        storeName,
        signal,
        downloadPath: directory,
        storeOf: () => "main",
        open: () => Promise.reject(new Error("this project has no stores")),
      }),
    },
  };
  return {
    context,
    database,
    warnings,
    schema: (name) => createSchemaTables(context, name, async () => undefined),
    insert: (binding, rows) => insertRows(database, binding, rows, session),
    query: (binding) => createQuery(binding),
    transaction: async (work) => {
      await using open = await database.begin();
      session = open;
      try {
        const result = await work(open);
        await open.commit();
        return result;
      } finally {
        session = undefined;
      }
    },
    [Symbol.asyncDispose]: async () => {
      await database.close();
      await place[Symbol.asyncDispose]();
      await rm(directory, { recursive: true });
    },
  };
}

async function insertRows(
  database: Database,
  binding: TableBinding,
  rows: readonly Readonly<Record<string, unknown>>[],
  session: Session | undefined,
): Promise<void> {
  const { attributes, primaryKey } = await binding.heading();
  const { dialect } = database;
  const request = {
    schema: binding.schema,
    table: binding.tableName,
    columns: attributes.map(({ name }) => name),
    primaryKey,
    rows: rows.map((row) =>
      attributes.map(({ name, type }) => {
        const value = row[name];
        if (value === null || value === undefined) return value === null ? null : useDefault;
        return dialect.toDatabase(type, acceptValue(type, value, dialect.traits, { attribute: name }));
      }),
    ),
  };
  for (const statement of dialect.insert(request)) await (session ?? database).execute(statement);
}
