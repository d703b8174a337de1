import { type Connection, createConnection, type RowDataPacket } from "mysql2/promise";
import type { TestServer } from "./provided.ts";

const own = ["information_schema", "mysql", "performance_schema", "sys"];

let users = 0;

/** Begins with an empty server. The function returned drops every schema again, once nobody in this file uses any. */
export async function useMysqlServer(server: TestServer): Promise<() => Promise<void>> {
  // A file that was ended from outside leaves its schemas.
  if (users === 0) await dropSchemas(server);
  users += 1;
  return async () => {
    users -= 1;
    if (users === 0) await dropSchemas(server);
  };
}

/** Leaves only what the server brought. */
export async function dropSchemas({ host, port, user, password }: TestServer): Promise<void> {
  const connection = await createConnection({ host, port, user, password });
  try {
    await connection.query("set foreign_key_checks = 0");
    for (const name of await schemasOf(connection)) await connection.query("drop database ??", [name]);
  } finally {
    await connection.end();
  }
}

async function schemasOf(connection: Connection): Promise<readonly string[]> {
  const [rows] = await connection.query<RowDataPacket[]>("show databases");
  return rows.map((row) => String(row["Database"])).filter((name) => !own.includes(name));
}
