import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isSecret, Secret, silentLogger } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { isLoopback } from "./host.ts";
import type { ServerOptions } from "./options.ts";
import { serverOptions, serverSettings } from "./settings.ts";

const settings = (options: Partial<ServerOptions>) =>
  serverSettings({ user: "me", ...options }, { port: 5432, name: "postgres" });

describe("the settings of a server", () => {
  it("have defaults", async () => {
    expect(await settings({})).toMatchObject({
      host: "localhost",
      port: 5432,
      name: "postgres",
      password: undefined,
      tls: { mode: "preferred", options: { rejectUnauthorized: false } },
      reconnect: true,
      connections: 10,
      waitMs: 30_000,
      place: "me@localhost:5432/postgres",
    });
  });

  it.each([
    ["db.lab.org", "db.lab.org", 5432],
    ["db.lab.org:6000", "db.lab.org", 6000],
    ["10.0.0.7:6000", "10.0.0.7", 6000],
    ["::1", "::1", 5432],
    ["[fe80::2]:6000", "fe80::2", 6000],
    ["/run/postgresql", "/run/postgresql", 5432],
  ])("read the host %s", async (given, host, port) => {
    expect(await settings({ host: given })).toMatchObject({ host, port });
  });

  it.each([
    [{ host: "" }, "database-host"],
    [{ host: "a b" }, "database-host"],
    [{ host: "a:b:1" }, "database-host"],
    [{ host: "a:70000" }, "database-host"],
    [{ port: 0 }, "database-host"],
    [{ port: 1.5 }, "database-host"],
    [{ user: "" }, "database-user"],
    [{ password: 5 as never }, "database-settings"],
    [{ name: "" }, "database-settings"],
    [{ useTls: "yes" as never }, "database-settings"],
    [{ reconnect: 1 as never }, "database-settings"],
    [{ connections: 0 }, "database-settings"],
    [{ waitMs: Number.NaN }, "database-settings"],
    [{ tlsCa: "/nowhere/ca.pem" }, "tls-ca"],
    [{ tlsCa: "system", useTls: false }, "tls-ca"],
  ] as const)("refuse %j", async (given, code) => {
    await expect(settings(given)).rejects.toMatchObject({ name: "ConfigError", code });
  });

  it("repeat no connection URL, because a password may stand in it", async () => {
    const refused = settings({ host: "postgres://me:swordfish@db:5432/lab" });
    await expect(refused).rejects.toMatchObject({ message: expect.not.stringContaining("swordfish") as unknown });
  });

  it("hide the password, whichever way it came", async () => {
    const { password } = await settings({ password: "swordfish" });
    expect([isSecret(password), password?.reveal(), String(password)]).toEqual([true, "swordfish", "[secret]"]);
    const secret = new Secret("swordfish");
    expect((await settings({ password: secret })).password).toBe(secret);
  });

  it("know when TLS is used, and what it checks", async () => {
    const tls = async (options: Partial<ServerOptions>) => (await settings(options)).tls;
    expect((await tls({ useTls: true })).mode).toBe("required");
    expect((await tls({ useTls: false })).mode).toBe("off");
    expect((await tls({ host: "/run/postgresql" })).mode).toBe("off");
    expect(await tls({ tlsCa: "system" })).toEqual({ mode: "required", options: { rejectUnauthorized: true } });
  });

  it("read the authorities from a file, and nothing else", async () => {
    const folder = await mkdtemp(join(tmpdir(), "mortise-ca-"));
    try {
      const pem = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
      await writeFile(join(folder, "ca.pem"), pem);
      await writeFile(join(folder, "key.pem"), "-----BEGIN PRIVATE KEY-----");
      expect((await settings({ tlsCa: join(folder, "ca.pem") })).tls.options).toEqual({
        rejectUnauthorized: true,
        ca: pem,
      });
      await expect(settings({ tlsCa: join(folder, "key.pem") })).rejects.toMatchObject({ code: "tls-ca" });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("come from the configuration, with its names", async () => {
    const password = new Secret("swordfish");
    const spec = {
      backend: "postgresql",
      host: "db",
      port: 6000,
      user: "me",
      password,
      name: "lab",
      use_tls: true,
      tls_ca: "ca.pem",
      reconnect: false,
      connections: 3,
      wait_ms: 5,
    };
    expect(serverOptions(spec, { logger: silentLogger, directory: "/project" })).toEqual({
      host: "db",
      port: 6000,
      user: "me",
      password,
      name: "lab",
      useTls: true,
      tlsCa: "/project/ca.pem",
      reconnect: false,
      connections: 3,
      waitMs: 5,
      logger: silentLogger,
      signal: undefined,
    });
    expect(serverOptions({ backend: "mysql", use_tls: null }, { logger: silentLogger })).toMatchObject({
      user: "",
      useTls: undefined,
    });
  });
});

describe("isLoopback", () => {
  it.each(["localhost", "db.localhost", "127.0.0.1", "127.3.2.1", "::1", "::ffff:127.0.0.1", "/run/postgresql"])(
    "%s",
    (host) => expect(isLoopback(host)).toBe(true),
  );
  it.each(["localhost.example.org", "128.0.0.1", "127.0.0.1.example.org", "::2", "10.0.0.1", "1"])("not %s", (host) =>
    expect(isLoopback(host)).toBe(false),
  );
});
