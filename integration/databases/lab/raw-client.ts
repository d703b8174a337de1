import { DatabaseSync } from "node:sqlite";
import { createConnection } from "mysql2/promise";
import { Client, type QueryResult } from "pg";
import type { TestDatabase } from "../../../packages/schema/test/database/test-database.ts";

/** A row with the names and values of the vendor's client; dates and big numbers are text. */
export type RawRow = Readonly<Record<string, unknown>>;

/** The database as any other program sees it: the vendor's client, and SQL that the test itself writes. */
export interface RawClient extends AsyncDisposable {
  /** One statement, or several without values that are separated by `;`. Rows of the last one. */
  query(text: string, values?: readonly unknown[]): Promise<readonly RawRow[]>;
}

/** Opens the vendor's client on a test's database. */
export async function openRaw(place: TestDatabase): Promise<RawClient> {
  if (place.server === undefined) return openFile(place);
  return place.server.backend === "mysql" ? await openMysql(place.server) : await openPostgres(place);
}

async function openMysql({ host, port, user, password }: NonNullable<TestDatabase["server"]>): Promise<RawClient> {
  const connection = await createConnection({
    host,
    port,
    user,
    password,
    dateStrings: true,
    supportBigNumbers: true,
    multipleStatements: true,
  });
  return {
    async query(text, values = []) {
      const [rows] = await connection.query(text, [...values]);
      if (!Array.isArray(rows)) return [];
      const last: unknown = rows.at(-1);
      return (Array.isArray(last) ? last : rows) as RawRow[];
    },
    [Symbol.asyncDispose]: () => connection.end(),
  };
}

async function openPostgres({ server, name }: TestDatabase): Promise<RawClient> {
  const { host, port, user, password } = server ?? {};
  const types = { getTypeParser: () => (value: string) => value };
  const client = new Client({ host, port, user, password, database: name, types });
  // A server that ends the connection is seen by the next query.
  client.on("error", () => undefined);
  await client.connect();
  return {
    async query(text, values = []) {
      const result: QueryResult<RawRow> | readonly QueryResult<RawRow>[] =
        values.length === 0 ? await client.query<RawRow>(text) : await client.query<RawRow>(text, [...values]);
      return (Array.isArray(result) ? (result as readonly QueryResult<RawRow>[]).at(-1) : result)?.rows ?? [];
    },
    [Symbol.asyncDispose]: () => client.end(),
  };
}

function openFile(place: TestDatabase): RawClient {
  const { database } = place.settings["mortise"] as { readonly database: { readonly file: string } };
  const file = new DatabaseSync(database.file);
  return {
    query: async (text, values = []) => file.prepare(text).all(...(values as (string | number)[])),
    async [Symbol.asyncDispose]() {
      file.close();
    },
  };
}
