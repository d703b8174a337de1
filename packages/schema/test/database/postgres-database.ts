import pg from "pg";
import type { TestServer } from "./provided.ts";

/** Makes a database on the server; dropping it ends the connections that are still open. */
export async function createPostgresDatabase(
  server: TestServer,
): Promise<{ readonly name: string; readonly drop: () => Promise<void> }> {
  const name = `lab_${crypto.randomUUID().replaceAll("-", "")}`;
  await onServer(server, `create database ${name}`);
  return { name, drop: () => onServer(server, `drop database ${name} with (force)`) };
}

async function onServer({ host, port, user, password }: TestServer, statement: string): Promise<void> {
  const client = new pg.Client({ host, port, user, password, database: "postgres" });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
