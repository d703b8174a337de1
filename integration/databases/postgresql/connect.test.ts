import { sql } from "@mortise/sql/kysely";
import { describe, expect, it } from "vitest";
import { startProxy } from "../faults/proxy.ts";
import { openPostgresLab, valueOf } from "./postgres-lab.ts";

describe("connecting to PostgreSQL", () => {
  it("says that user or password are wrong, and shows neither password", async () => {
    await using lab = await openPostgresLab();
    const role = `guest_${lab.options.name}`;
    await lab.raw.query(`create role "${role}" login password 'right'`);
    const error: unknown = await lab.open({ user: role, password: "wrong horse" }).catch((caught: unknown) => caught);
    await lab.raw.query(`drop role "${role}"`);
    expect(error).toMatchObject({
      name: "ConfigError",
      code: "access",
      message: expect.stringContaining(`can't connect to ${role}@`) as unknown,
      hint: expect.stringContaining("database.password") as unknown,
    });
    const { inspect } = await import("node:util");
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain("wrong horse");
  });

  it("asks for a password where none is given, and takes none from the environment", async () => {
    await using lab = await openPostgresLab();
    process.env["PGPASSWORD"] = String(lab.options.password);
    try {
      await expect(lab.open({ password: undefined })).rejects.toMatchObject({ code: "access" });
    } finally {
      delete process.env["PGPASSWORD"];
    }
  });

  it("says which database is missing", async () => {
    await using lab = await openPostgresLab();
    await expect(lab.open({ name: "no_such_database" })).rejects.toMatchObject({
      code: "unknown-database",
      message: expect.stringContaining('database "no_such_database" does not exist') as unknown,
      hint: expect.stringContaining("database.name") as unknown,
    });
  });

  it("says that a role may not connect, or has too many connections", async () => {
    await using lab = await openPostgresLab();
    const role = `guest_${lab.options.name}`;
    await lab.raw.query(`create role "${role}" login password 'right' connection limit 0`);
    const open = () => lab.open({ user: role, password: "right" });
    await expect(open()).rejects.toMatchObject({
      code: "unreachable",
      hint: expect.stringContaining("max_connections") as unknown,
    });
    await lab.raw.query(`alter role "${role}" connection limit -1`);
    await lab.raw.query(`revoke connect on database "${lab.options.name}" from public`);
    await expect(open()).rejects.toMatchObject({ code: "access", hint: expect.stringContaining("CONNECT") as unknown });
    await lab.raw.query(`drop role "${role}"`);
  });

  it("refuses a database that stores text of any encoding", async () => {
    await using lab = await openPostgresLab();
    const name = `${lab.options.name}_ascii`;
    await lab.raw.query(
      `create database "${name}" encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C' template template0`,
    );
    try {
      await expect(lab.open({ name })).rejects.toMatchObject({ name: "ConfigError", code: "database-encoding" });
    } finally {
      await lab.raw.query(`drop database "${name}" with (force)`);
    }
  });

  it("refuses what a database of another encoding can't hold, and keeps what it can", async () => {
    await using lab = await openPostgresLab();
    const name = `${lab.options.name}_latin`;
    await lab.raw.query(`create database "${name}" encoding 'LATIN1' lc_collate 'C' lc_ctype 'C' template template0`);
    try {
      const database = await lab.open({ name });
      await database.execute(sql`create table t (a text)`);
      await database.execute(sql`insert into t values (${"é"})`);
      await expect(database.execute(sql`insert into t values (${"😀"})`)).rejects.toMatchObject({
        code: "out-of-range",
      });
      expect((await database.execute(sql`select a from t`)).rows).toEqual([{ a: "é" }]);
      await database.close();
    } finally {
      await lab.raw.query(`drop database "${name}" with (force)`);
    }
  });

  it("goes on without TLS on this machine, with a warning, and not where TLS is required", async () => {
    await using lab = await openPostgresLab();
    if (await valueOf(lab, sql`select current_setting('ssl') = 'on' as value`)) throw new Error("the server has TLS");
    const warnings: string[] = [];
    const ignore = () => undefined;
    const logger = { debug: ignore, info: ignore, error: ignore, warn: (event: string) => void warnings.push(event) };
    await using proxy = await startProxy(lab.options);
    const { host, port } = proxy;
    const database = await lab.open({ host, port, useTls: undefined, logger });
    expect(warnings).toEqual(["database.plain-connection"]);
    await expect(lab.open({ useTls: true })).rejects.toMatchObject({ code: "tls-unavailable" });
    await lab.open({ useTls: false, logger });
    expect(warnings).toHaveLength(1);
    await database.close();
  });
});
