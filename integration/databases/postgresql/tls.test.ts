import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "@mortise/sql/kysely";
import { describe, expect, it } from "vitest";
import { openPostgresLab, type PostgresLab, valueOf } from "./postgres-lab.ts";
import { certificate, startTlsProxy, type TlsProxy } from "./tls-proxy.ts";

interface TlsLab extends PostgresLab {
  readonly proxy: TlsProxy;
  /** The file of the authority that has signed the proxy's certificate. */
  readonly authority: string;
}

async function openTlsLab(): Promise<TlsLab> {
  const lab = await openPostgresLab();
  const proxy = await startTlsProxy(lab.options.host, lab.options.port);
  const folder = await mkdtemp(join(tmpdir(), "mortise-tls-"));
  const authority = join(folder, "authority.pem");
  await writeFile(authority, certificate);
  return {
    ...lab,
    proxy,
    authority,
    async [Symbol.asyncDispose]() {
      await lab[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

describe("a server with TLS", () => {
  it.each([{ useTls: true }, { useTls: undefined }])(
    "is talked to in secret, whoever signed its certificate: %o",
    async (options) => {
      await using lab = await openTlsLab();
      const database = await lab.open({ host: "localhost", port: lab.proxy.port, ...options });
      expect(await valueOf({ database }, sql`select 1 as value`)).toBe(1);
      expect(lab.proxy.encrypted()).toBe(1);
    },
  );

  it("is checked where authorities are named, its name included", async () => {
    await using lab = await openTlsLab();
    const { port } = lab.proxy;
    const database = await lab.open({ host: "localhost", port, useTls: undefined, tlsCa: lab.authority });
    expect(await valueOf({ database }, sql`select 1 as value`)).toBe(1);
    for (const options of [
      { host: "localhost", useTls: undefined, tlsCa: "system" },
      { host: "127.0.0.1", useTls: undefined, tlsCa: lab.authority },
    ]) {
      await expect(lab.open({ port, ...options })).rejects.toMatchObject({
        name: "ConfigError",
        code: "tls-unavailable",
        hint: expect.stringContaining("tls_ca") as unknown,
      });
    }
  });

  it("is asked in secret to cancel a statement", async () => {
    await using lab = await openTlsLab();
    const database = await lab.open({
      host: "localhost",
      port: lab.proxy.port,
      useTls: undefined,
      tlsCa: lab.authority,
      connections: 1,
    });
    const sleeping = database.execute(sql`select pg_sleep(600)`, { signal: AbortSignal.timeout(200) });
    await expect(sleeping).rejects.toMatchObject({ name: "TimeoutError" });
    expect(lab.proxy.encrypted()).toBe(2);
    expect(await valueOf({ database }, sql`select 1 as value`)).toBe(1);
  });

  it("refuses a connection without", async () => {
    await using lab = await openTlsLab();
    const opening = lab.open({ host: "localhost", port: lab.proxy.port, useTls: false });
    await expect(opening).rejects.toMatchObject({ code: "unreachable" });
  });
});
