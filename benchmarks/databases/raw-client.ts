// The vendors' drivers as their manuals show them, with the statements that were fastest.
import { createConnection } from "mysql2/promise";
import { Client } from "pg";
import type { ScalarRow } from "./scalar-table.ts";
import type { ServerSettings } from "./server.ts";

/** The table `bench.sample` through a vendor's driver. */
export interface RawClient extends AsyncDisposable {
  /** Each inserts all rows, in one transaction. */
  readonly inserts: Readonly<Record<string, (rows: readonly ScalarRow[]) => Promise<void>>>;
  fetch(): Promise<readonly unknown[]>;
  /** At once: rows that are deleted one by one would slow down whoever comes next. */
  clear(): Promise<void>;
}

const names = ["id", "trial", "channel", "good", "depth", "gain", "cost", "name", "day", "at"] as const;
/** More values than this don't fit into one statement of PostgreSQL's protocol. */
const maxValues = 65_535;

function* chunksOf(rows: readonly ScalarRow[], size: number): Generator<readonly ScalarRow[]> {
  for (let start = 0; start < rows.length; start += size) yield rows.slice(start, start + size);
}

async function openPostgres({ host, port, user, password }: ServerSettings): Promise<RawClient> {
  const client = new Client({ host, port, user, password, database: "postgres" });
  await client.connect();
  const table = `"bench"."sample"`;
  const into = `insert into ${table} (${names.map((name) => `"${name}"`).join(", ")})`;
  const types = "int[], bigint[], smallint[], bool[], float8[], real[], numeric[], text[], date[], timestamp[]".split(
    ", ",
  );
  const whole = async (rows: readonly ScalarRow[], size: number, insert: (chunk: readonly ScalarRow[]) => unknown) => {
    await client.query("begin");
    for (const chunk of chunksOf(rows, size)) await insert(chunk);
    await client.query("commit");
  };
  return {
    inserts: {
      values: (rows) =>
        whole(rows, Math.floor(maxValues / names.length), async (chunk) => {
          const tuples = chunk.map(
            (_, row) => `(${names.map((_, column) => `$${row * names.length + column + 1}`).join(",")})`,
          );
          const bound = chunk.flatMap((row) => names.map((name) => row[name]));
          await client.query(`${into} values ${tuples.join(",")}`, bound);
        }),
      unnest: (rows) =>
        whole(rows, 10_000, async (chunk) => {
          const arrays = names.map((name) => chunk.map((row) => row[name]));
          await client.query(
            `${into} select * from unnest(${types.map((type, index) => `$${index + 1}::${type}`).join(", ")})`,
            arrays,
          );
        }),
    },
    fetch: async () => (await client.query(`select * from ${table}`)).rows,
    clear: async () => void (await client.query(`truncate ${table}`)),
    [Symbol.asyncDispose]: () => client.end(),
  };
}

async function openMysql({ host, port, user, password }: ServerSettings): Promise<RawClient> {
  const client = await createConnection({ host, port, user, password });
  const table = "`bench`.`sample`";
  const into = `insert into ${table} (${names.map((name) => `\`${name}\``).join(", ")})`;
  const whole = async (rows: readonly ScalarRow[], size: number, insert: (chunk: readonly ScalarRow[]) => unknown) => {
    await client.beginTransaction();
    for (const chunk of chunksOf(rows, size)) await insert(chunk);
    await client.commit();
  };
  const bound = (row: ScalarRow): unknown[] => names.map((name) => row[name]);
  return {
    inserts: {
      "text, values ?": (rows) =>
        whole(rows, 10_000, (chunk) => client.query(`${into} values ?`, [chunk.map((row) => bound(row))])),
      "prepared, 1000 rows": (rows) =>
        whole(rows, 1_000, (chunk) => {
          const tuple = `(${names.map(() => "?").join(",")})`;
          const flat = chunk.flatMap((row) => bound(row)) as (string | number | boolean)[];
          return client.execute(`${into} values ${chunk.map(() => tuple).join(",")}`, flat);
        }),
    },
    fetch: async () => (await client.query(`select * from ${table}`))[0] as readonly unknown[],
    clear: async () => void (await client.query(`truncate ${table}`)),
    [Symbol.asyncDispose]: () => client.end(),
  };
}

export const rawClients: Readonly<Record<"postgresql" | "mysql", (settings: ServerSettings) => Promise<RawClient>>> = {
  postgresql: openPostgres,
  mysql: openMysql,
};
