import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { Secret } from "@mortise/core";
import { openMysql } from "@mortise/db-mysql";
import { sql } from "@mortise/sql/kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failureOf, type MysqlPlace, openPlace } from "./place.ts";

let place: MysqlPlace;

beforeAll(async () => {
  place = await openPlace();
});
afterAll(() => place[Symbol.asyncDispose]());

describe("opening a server", () => {
  it("takes the password as a secret, and host and port as one text", async () => {
    const { host, port, password } = place.options;
    const secret = typeof password === "string" ? new Secret(password) : password;
    const database = await place.open({ host: `${host}:${port}`, port: 1, password: secret });
    expect((await database.execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }]);
  });

  it("says that the password is wrong, without the password", async () => {
    const password = "hunter2-is-wrong";
    const error = await failureOf(openMysql({ ...place.options, password }));
    expect(error).toMatchObject({
      name: "ConfigError",
      code: "access",
      hint: expect.stringContaining("database.user"),
    });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(password);
  });

  it("says that a user may not have more connections", async () => {
    await place.raw.query("create user 'single'@'%' identified by 'pw' with max_user_connections 1");
    const options = { ...place.options, user: "single", password: "pw" };
    await using first = await openMysql(options);
    await using session = await first.begin();
    const error = await failureOf(openMysql(options));
    expect(error).toMatchObject({ code: "unreachable", hint: expect.stringContaining("connections") });
    await session.rollback();
    await first.close();
    await place.raw.query("drop user 'single'@'%'");
  });

  it("refuses a server whose certificate nobody known has signed", async () => {
    const folder = await mkdtemp(join(tmpdir(), "mysql-tls-"));
    const file = join(folder, "ca.pem");
    await writeFile(file, strangersCertificate);
    const { useTls: _, ...options } = place.options;
    const error = await failureOf(openMysql({ ...options, tlsCa: file }));
    expect(error).toMatchObject({ name: "ConfigError", code: place.mariadb ? "tls-unavailable" : "tls-ca" });
    await rm(folder, { recursive: true });
  });

  it("logs in without TLS where the user says so, also for the first time", async () => {
    // The server remembers who has logged in; the first time it wants the password itself, encrypted with its key.
    const plugin = place.mariadb ? "" : "with caching_sha2_password";
    await place.raw.query(`create user 'plain'@'%' identified ${plugin} by 'pw'`);
    await using database = await openMysql({ ...place.options, user: "plain", password: "pw", useTls: false });
    const { rows } = await database.execute<{ Value: string }>(sql`show session status like 'Ssl_cipher'`);
    expect(rows).toEqual([expect.objectContaining({ Value: "" })]);
    await database.close();
    await place.raw.query("drop user 'plain'@'%'");
  });

  it("encrypts where the server can", async () => {
    const { rows } = await place.database.execute<{ cipher: string }>(
      sql`select variable_value as cipher from ${sql.raw(place.mariadb ? "information_schema" : "performance_schema")}.session_status
        where variable_name = 'Ssl_cipher'`,
    );
    expect(rows[0]?.cipher === "").toBe(place.mariadb);
  });

  it("lets a user in who has no password", async () => {
    await place.raw.query("create user 'open'@'%'");
    await using database = await openMysql({ ...place.options, user: "open", password: undefined });
    expect((await database.execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }]);
    await database.close();
    await place.raw.query("drop user 'open'@'%'");
  });
});

/** Of an authority that has signed nothing here. */
const strangersCertificate = `-----BEGIN CERTIFICATE-----
MIIBejCCAR+gAwIBAgIUHqMXt41QX6tUtMNPgbmjYzJMBIAwCgYIKoZIzj0EAwIw
ETEPMA0GA1UEAwwGbm9ib2R5MCAXDTI2MTEyMzAyMzEyMFoYDzIxMjYxMDMwMDIz
MTIwWjARMQ8wDQYDVQQDDAZub2JvZHkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AARWerqGA5b+2a79Pe6XVbtnblWBS0LZFVYQP9B7NpCIZ09cJov7skA4LYj0taXh
I+lepXknxaRI391amvgGKjNvo1MwUTAdBgNVHQ4EFgQU3F77GMVWZwsLF3vv2v0n
b8V0JScwHwYDVR0jBBgwFoAU3F77GMVWZwsLF3vv2v0nb8V0JScwDwYDVR0TAQH/
BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAg0jpDMzbgP/UjPtjC52Ru5XHUokb
v6qtAsywLG/OpEUCIQCLHobMLfGfr3h4W04ynwNU2TynVgsiuEqq1F7ZRvEmhA==
-----END CERTIFICATE-----
`;
