import type { Database, Executor } from "../database.ts";

/** Which table of the ledger, and the row in it that names the id of a store. */
interface Place {
  readonly executor: Executor;
  readonly dialect: Database["dialect"];
  readonly schema: string;
  /** What the configuration calls the store. */
  readonly store: string;
}

const table = "~mortise_meta";
const keyOf = ({ store }: Place): string => `store:${store}`;

/** The id of the store that has objects of the schema under this name; undefined before the first of them. */
export async function readStoreId(place: Place): Promise<string | undefined> {
  // Not above: whoever has a database open has loaded Kysely, all others should start fast.
  const { sql } = await import("kysely");
  const meta = place.dialect.table(place.schema, table);
  const { rows } = await place.executor.execute<{ readonly value: string }>(
    sql`select ${sql.ref("value")} from ${meta} where ${sql.ref("key")} = ${keyOf(place)}`,
  );
  return rows[0]?.value;
}

/** Keeps the id of a store unless one is kept already; answers with the one that is. The ledger must be prepared. */
export async function keepStoreId(place: Place, id: string): Promise<string> {
  const { executor, dialect, schema } = place;
  const statements = dialect.insert({
    schema,
    table,
    columns: ["key", "value"],
    primaryKey: ["key"],
    rows: [[keyOf(place), id]],
    onDuplicate: "skip",
  });
  for (const statement of statements) await executor.execute(statement);
  return (await readStoreId(place)) ?? id;
}
