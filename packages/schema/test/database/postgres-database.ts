import { Client } from "pg";
import type { TestServer } from "./provided.ts";

/** Databases of this file that are empty again: making one takes a server longer than most tests. */
const idle: string[] = [];

const emptied = `
select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid();
do $$ declare name text; begin
  for name in select nspname from pg_namespace where nspname !~ '^(pg_|information_schema$)' loop
    execute format('drop schema %I cascade', name);
  end loop;
end $$;
create schema public`;

/** An empty database that nobody else uses, until `release`: that ends the connections that are still open. */
export async function borrowPostgresDatabase(
  server: TestServer,
): Promise<{ readonly name: string; readonly release: () => Promise<void> }> {
  const name = idle.pop() ?? (await createDatabase(server));
  const release = async (): Promise<void> => {
    await onServer(server, name, emptied);
    idle.push(name);
  };
  return { name, release };
}

async function createDatabase(server: TestServer): Promise<string> {
  const name = `lab_${crypto.randomUUID().replaceAll("-", "")}`;
  await onServer(server, "postgres", `create database ${name}`);
  return name;
}

async function onServer(server: TestServer, database: string, statement: string): Promise<void> {
  const { host, port, user, password } = server;
  const client = new Client({ host, port, user, password, database });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
