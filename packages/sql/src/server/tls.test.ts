import { describe, expect, it } from "vitest";
import type { ServerOptions } from "./options.ts";
import { serverSettings } from "./settings.ts";
import { connectWithTls } from "./tls.ts";

const noTls = new Error("the server does not support TLS");

/** Connects to a server with or without TLS; what was tried and said. */
async function open(options: Partial<ServerOptions>, server: { readonly tls: boolean; readonly fails?: Error }) {
  const tried: string[] = [];
  const warned: object[] = [];
  const logger = {
    debug: () => undefined,
    warn: (event: string, fields?: object) => warned.push({ event, ...fields }),
  };
  const settings = await serverSettings({ user: "me", logger, ...options }, { port: 5432 });
  const connect = () =>
    connectWithTls(
      settings,
      async (tls) => {
        tried.push(tls === false ? "plain" : tls.rejectUnauthorized ? "verified" : "tls");
        if (server.fails !== undefined) throw server.fails;
        if (tls !== false && !server.tls) throw noTls;
        return tls === false ? "plain" : "tls";
      },
      (error) => error === noTls,
    );
  return { connect, tried, warned };
}

describe("a connection with TLS", () => {
  it("is tried first where nothing is said", async () => {
    const { connect, tried } = await open({ host: "db" }, { tls: true });
    expect([await connect(), tried]).toEqual(["tls", ["tls"]]);
  });

  it("is refused off this machine where the server has none, and says what to do", async () => {
    const { connect, tried } = await open({ host: "db" }, { tls: false });
    await expect(connect()).rejects.toMatchObject({
      name: "ConfigError",
      code: "tls-unavailable",
      hint: expect.stringContaining("use_tls to false") as unknown,
    });
    expect(tried).toEqual(["tls"]);
  });

  it("is done without on this machine, said once", async () => {
    const { connect, tried, warned } = await open({ host: "127.0.0.1" }, { tls: false });
    expect([await connect(), await connect(), tried]).toEqual(["plain", "plain", ["tls", "plain", "plain"]]);
    expect(warned).toMatchObject([{ event: "database.plain-connection", place: "me@127.0.0.1:5432" }]);
  });

  it("is never done without where it is required, also on this machine", async () => {
    const { connect } = await open({ useTls: true }, { tls: false });
    await expect(connect()).rejects.toMatchObject({ code: "tls-unavailable" });
    const verified = await open({ tlsCa: "system" }, { tls: true });
    expect([await verified.connect(), verified.tried]).toEqual(["tls", ["verified"]]);
  });

  it("is not tried where it is off", async () => {
    const { connect, tried, warned } = await open({ host: "db", useTls: false }, { tls: true });
    expect([await connect(), tried, warned]).toEqual(["plain", ["plain"], []]);
  });

  it("is not done without because of another failure", async () => {
    const fails = new Error("wrong password");
    const { connect, tried } = await open({}, { tls: true, fails });
    await expect(connect()).rejects.toBe(fails);
    expect(tried).toEqual(["tls"]);
  });
});
