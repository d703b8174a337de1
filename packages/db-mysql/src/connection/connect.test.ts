import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { serverSettings } from "@mortise/sql/server";
import { describe, expect, it } from "vitest";
import { startHostileServer } from "../testing/hostile-server.ts";
import { connectOnce, driverOptions } from "./connect.ts";
import { mysqlDriver } from "./driver.ts";

const password = "correct horse battery staple";

async function settingsFor(host: string, port: number, useTls = false): ReturnType<typeof serverSettings> {
  return serverSettings({ host, port, user: "ann", password, useTls }, { port: 3306 });
}

async function listening(server: Server): Promise<AsyncDisposable & { readonly port: number }> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return { port, [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())) };
}

async function failure(work: Promise<unknown>): Promise<Error> {
  return work.then(
    () => expect.unreachable("it connected"),
    (error: unknown) => error as Error,
  );
}

describe("connecting", () => {
  it("says that nothing listens on a port, with no word of the password", async () => {
    const { port } = await listening(createServer()).then(async (server) => {
      await server[Symbol.asyncDispose]();
      return server;
    });
    const error = await failure(mysqlDriver(await settingsFor("127.0.0.1", port)).connect(undefined));
    expect(error).toMatchObject({ name: "ConfigError", code: "unreachable" });
    expect(error.message).toContain(`ann@127.0.0.1:${port}`);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(password);
  });

  it("says that a host does not exist", async () => {
    const error = await failure(mysqlDriver(await settingsFor("nowhere.invalid", 3306)).connect(undefined));
    expect(error).toMatchObject({ code: "unreachable", hint: "check database.host" });
  });

  it("says that what listens is no MySQL server, or hangs up", async () => {
    await using closing = await listening(createServer((socket) => socket.end()));
    const hungUp = await failure(mysqlDriver(await settingsFor("127.0.0.1", closing.port)).connect(undefined));
    expect(hungUp).toMatchObject({ code: "unreachable" });
    const sockets = new Set<Socket>();
    const web = createServer((socket) => {
      sockets.add(socket.on("error", () => undefined));
      socket.write("HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    await using other = await listening(web);
    const signal = AbortSignal.timeout(500);
    const confused = await failure(mysqlDriver(await settingsFor("127.0.0.1", other.port)).connect(signal));
    expect(["ConfigError", "TimeoutError"]).toContain(confused.name);
    for (const socket of sockets) socket.destroy();
  });

  it("ends with the signal's reason while a server says nothing", async () => {
    const sockets = new Set<Socket>();
    await using silent = await listening(createServer((socket) => sockets.add(socket)));
    const abort = new AbortController();
    const connecting = connectOnce(await settingsFor("127.0.0.1", silent.port), false, abort.signal);
    setTimeout(() => abort.abort(new Error("enough")), 20);
    await expect(connecting).rejects.toThrow("enough");
    for (const socket of sockets) socket.destroy();
  });

  it("gives a hostile server no file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "mysql-infile-"));
    const file = join(folder, "secret.txt");
    await writeFile(file, "the content of a file");
    await using server = await startHostileServer(file);
    const error = await failure(mysqlDriver(await settingsFor("127.0.0.1", server.port)).connect(undefined));
    expect(error).toMatchObject({ name: "ConfigError", code: "unreachable" });
    expect(server.received()).toContain("SET NAMES");
    expect(server.received()).not.toContain("the content");
    await rm(folder, { recursive: true });
  });
});

describe("what the driver is told", () => {
  const socket = {} as Socket;

  it("is to read no files, send no second statement and convert nothing", async () => {
    const options = driverOptions(await settingsFor("127.0.0.1", 3306), false, socket);
    expect(options).toMatchObject({
      multipleStatements: false,
      dateStrings: true,
      jsonStrings: true,
      supportBigNumbers: true,
      timezone: "Z",
      flags: expect.arrayContaining(["-LOCAL_FILES", "-FOUND_ROWS", "-IGNORE_SPACE"]),
    });
    expect(options.enableCleartextPlugin).toBeUndefined();
    expect(options.ssl).toBeUndefined();
  });

  it("is to check the certificate and the name where authorities are given", async () => {
    const settings = await settingsFor("db.lab", 3306);
    const checked = driverOptions(settings, { rejectUnauthorized: true, ca: "PEM" }, socket);
    expect(checked.ssl).toEqual({ rejectUnauthorized: true, verifyIdentity: true, ca: "PEM" });
    const unchecked = driverOptions(settings, { rejectUnauthorized: false }, socket);
    expect(unchecked.ssl).toEqual({ rejectUnauthorized: false, verifyIdentity: false });
  });
});
