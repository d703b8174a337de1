import { type MysqlOptions, openMysql } from "@mortise/db-mysql";
import type { Database } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import { createTestDatabase } from "../../../packages/schema/test/database/test-database.ts";
import { openRaw, type RawClient } from "../lab/raw-client.ts";

/** MySQL or MariaDB with an empty schema `lab`, opened without a project. */
export interface MysqlPlace extends AsyncDisposable {
  readonly database: Database;
  /** `user@host:port` of the server, and what opens another database on it. */
  readonly options: MysqlOptions;
  /** Another program on the same server, for what needs settings of its own; closed with the place. */
  open(options?: Partial<MysqlOptions>): Promise<Database>;
  /** The vendor's client, with the privileges of the administrator. */
  readonly raw: RawClient;
  readonly mariadb: boolean;
}

export async function openPlace(options: Partial<MysqlOptions> = {}): Promise<MysqlPlace> {
  const place = await createTestDatabase();
  if (place.server === undefined) throw new Error("these tests need a server");
  const { host, port, user, password, name } = place.server;
  const mariadb = name.startsWith("MariaDB");
  // The container brings certificates of its own, the plain process has none.
  const base: MysqlOptions = { host, port, user, password, useTls: !mariadb };
  const opened: Database[] = [];
  const open: MysqlPlace["open"] = async (more = {}) => {
    const database = await openMysql({ ...base, ...more });
    opened.push(database);
    return database;
  };
  const raw = await openRaw(place);
  const database = await open(options);
  await database.execute(sql`create database lab`);
  return {
    database,
    options: base,
    open,
    raw,
    mariadb,
    async [Symbol.asyncDispose]() {
      for (const each of opened) await each.close();
      await raw[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    },
  };
}

/** What a statement that has to fail failed with. */
export async function failureOf(work: Promise<unknown>): Promise<Error & { readonly code?: string }> {
  try {
    await work;
  } catch (error) {
    return error as Error;
  }
  throw new Error("it should have failed");
}
