import { execFile } from "node:child_process";
import { createServer, type Socket } from "node:net";
import { promisify } from "node:util";
import { apiVersion, defaultRegistry, Secret, silentLogger } from "@mortise/core";
import { describe, expect, it } from "vitest";
import * as api from "./index.ts";

/** A server that answers whatever it is told with the same bytes, and hangs up. */
async function answering(bytes: string): Promise<{ readonly port: number } & AsyncDisposable> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).once("data", () => socket.end(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const password = "correct horse";

describe("@mortise/db-postgres", () => {
  it("exports the plugin and a way to open a database without a project, and nothing else", () => {
    expect(Object.keys(api).toSorted()).toEqual(["openPostgres", "postgres"]);
    expect(api.postgres).toMatchObject({
      kind: "database",
      apiVersion,
      backends: ["postgresql"],
      name: "@mortise/db-postgres",
    });
  });

  it("is found by discovery under the name of its export", async () => {
    const { default: manifest } = await import("../package.json", { with: { type: "json" } });
    expect(manifest.mortise).toEqual({ apiVersion, databases: { postgresql: "postgres" } });
    expect(api).toHaveProperty(manifest.mortise.databases.postgresql, api.postgres);
  });

  it("registers itself when /register is imported", async () => {
    await import("./register.ts");
    expect(defaultRegistry().database("postgresql")).toBe(api.postgres);
  });

  it("loads neither Kysely nor pg before a database opens", async () => {
    const script = `
      import { registerHooks } from "node:module";
      registerHooks({ resolve(name, context, next) { if (["kysely", "pg"].includes(name)) console.log(name); return next(name, context); } });
      await import(${JSON.stringify(new URL("index.ts", import.meta.url).href)});`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
    expect(stdout).toBe("");
  });

  it("says where nobody listens", async () => {
    await using gone = await answering("");
    const { port } = gone;
    await gone[Symbol.asyncDispose]();
    const opening = api.openPostgres({ host: `127.0.0.1:${port}`, user: "alice", password, name: "lab" });
    await expect(opening).rejects.toMatchObject({
      name: "ConfigError",
      code: "unreachable",
      message: `can't connect to alice@127.0.0.1:${port}/lab: connect ECONNREFUSED 127.0.0.1:${port}`,
      hint: expect.stringContaining("database.port") as unknown,
    });
  });

  it("takes the settings of a project, and connects to the database postgres unless one is named", async () => {
    const spec = { backend: "postgresql", host: "127.0.0.1", port: 1, user: "alice", password: new Secret(password) };
    await expect(api.postgres.open(spec, { logger: silentLogger })).rejects.toMatchObject({
      code: "unreachable",
      message: expect.stringContaining("alice@127.0.0.1:1/postgres") as unknown,
    });
  });

  it("does not go on without TLS where TLS is required", async () => {
    await using server = await answering("N");
    const opening = api.openPostgres({ host: "127.0.0.1", port: server.port, user: "alice", password, useTls: true });
    await expect(opening).rejects.toMatchObject({ name: "ConfigError", code: "tls-unavailable" });
  });

  it.each([
    ["what is no PostgreSQL server", "HTTP/1.1 400 Bad Request\r\n\r\n"],
    ["a server that hangs up", ""],
  ])("reports %s as unreachable, and nowhere the password", async (_what, bytes) => {
    await using server = await answering(bytes);
    const opening = api.openPostgres({ host: "127.0.0.1", port: server.port, user: "alice", password, useTls: false });
    const error: unknown = await opening.catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: "ConfigError", code: "unreachable" });
    const { inspect } = await import("node:util");
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(password);
  });

  it("gives up a connection that is awaited no longer", async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { readonly port: number };
    const abort = new AbortController();
    server.once("connection", () => abort.abort(new Error("enough")));
    const opening = api.openPostgres({ host: "127.0.0.1", port, user: "alice", password, signal: abort.signal });
    await expect(opening).rejects.toThrow("enough");
    await new Promise((resolve) => server.close(resolve));
  });

  it("gives up a server that lets one in and then says nothing", async () => {
    const abort = new AbortController();
    const letIn = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]);
    const server = createServer((socket) => {
      socket
        .on("error", () => undefined)
        .once("data", () => {
          socket.write(letIn);
          socket.once("data", () => abort.abort(new Error("enough")));
        });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { readonly port: number };
    const options = { host: "127.0.0.1", port, user: "alice", password, useTls: false, signal: abort.signal };
    await expect(api.openPostgres(options)).rejects.toThrow("enough");
    await new Promise((resolve) => server.close(resolve));
  });
});
