import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

/**
 * What happens to a COMMIT on its way:
 *
 * - `before`: both ends are cut, and the server never sees it;
 * - `after`: the server runs it, and its answer is lost with the connection;
 * - `late`: the client is cut off at once, and the server gets the COMMIT a while later;
 * - `stuck`: the client is cut off, and the server keeps the session with all its locks and waits.
 */
export type CommitFault = "before" | "after" | "late" | "stuck";

/** A way to a server that can be cut at a chosen place. What it carries must not be encrypted. */
export interface Proxy extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** The next COMMIT on a connection that has carried `marker` meets `fault`. Happens once. */
  arm(marker: string, fault: CommitFault): void;
  /** False once the fault has happened. */
  readonly armed: boolean;
  /** Where new connections go from now on. */
  redirect(server: ServerAddress): void;
}

/** How long after its client is gone a COMMIT that is `late` arrives, in milliseconds. */
const lateMs = 300;

interface Plan {
  readonly marker: string;
  readonly fault: CommitFault;
}

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

export async function startProxy(address: ServerAddress): Promise<Proxy> {
  let server = address;
  const sockets = new Set<Socket>();
  let plan: Plan | undefined;
  const listener = createServer((client) => {
    const upstream = connect(server.port, server.host);
    let marked = false;
    let answers = true;
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      // What a cut does to either end is the test's doing.
      socket.on("error", () => undefined);
      socket.on("close", () => sockets.delete(socket));
    }
    client.on("data", (chunk) => {
      if (plan !== undefined && chunk.includes(plan.marker)) marked = true;
      if (plan === undefined || !marked || !chunk.includes("COMMIT")) {
        upstream.write(chunk);
        return;
      }
      const { fault } = plan;
      plan = undefined;
      answers = false;
      if (fault === "after") upstream.write(chunk);
      else client.destroy();
      if (fault === "before") upstream.destroy();
      if (fault === "late") setTimeout(() => upstream.end(chunk), lateMs);
    });
    upstream.on("data", (chunk) => {
      if (answers) client.write(chunk);
      else client.destroy();
    });
    upstream.on("close", () => client.destroy());
    client.on("close", () => {
      if (answers) upstream.destroy();
    });
  }).listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as { readonly port: number };
  return {
    host: "127.0.0.1",
    port,
    arm(marker, fault) {
      plan = { marker, fault };
    },
    get armed() {
      return plan !== undefined;
    },
    redirect(other) {
      server = other;
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const socket of sockets) socket.destroy();
      await once(listener, "close");
    },
  };
}
