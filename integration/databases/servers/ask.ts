import { createConnection } from "mysql2/promise";
import { Client } from "pg";
import type { TestServer } from "../../../packages/schema/test/database/provided.ts";

/** One statement over a connection of its own, by the vendor's client. */
export async function askServer(server: TestServer, statement: string): Promise<unknown> {
  const { backend, host, port, user, password } = server;
  if (backend === "mysql") {
    const connection = await createConnection({ host, port, user, password, connectTimeout: 5000 });
    try {
      return (await connection.query(statement))[0];
    } finally {
      connection.destroy();
    }
  }
  const client = new Client({ host, port, user, password, database: "postgres", connectionTimeoutMillis: 5000 });
  // What happens to the connection while nothing is asked of it.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}
