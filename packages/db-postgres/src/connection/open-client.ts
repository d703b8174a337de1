import { connectWithTls, type ServerSettings, type TlsSettings } from "@mortise/sql/server";
import { Client } from "pg";
import { connectError, hasNoTls } from "../errors.ts";
import { type SessionIdentity, setUpSession } from "./set-up.ts";
import type { WireClient } from "./wire.ts";

/** Milliseconds until a server that does not answer is given up, as the Python library does. */
export const connectTimeoutMs = 10_000;

/** Milliseconds of silence after which the kernel starts to ask whether a server is still there. */
const keepAliveMs = 30_000;

/** A client that is connected, authenticated and set up, and how its connection is encrypted. */
export interface OpenClient {
  readonly client: WireClient;
  readonly identity: SessionIdentity;
  readonly tls: TlsSettings["options"] | false;
}

/** Connects with or without TLS, as the settings say. Throws `ConfigError`, or the signal's reason. */
export async function openClient(settings: ServerSettings, signal: AbortSignal | undefined): Promise<OpenClient> {
  signal?.throwIfAborted();
  try {
    return await connectWithTls(settings, (tls) => connect(settings, tls, signal), hasNoTls);
  } catch (error) {
    signal?.throwIfAborted();
    throw connectError(error, settings);
  }
}

async function connect(
  settings: ServerSettings,
  tls: TlsSettings["options"] | false,
  signal: AbortSignal | undefined,
): Promise<OpenClient> {
  const client = new Client({
    host: settings.host,
    port: settings.port,
    user: settings.user,
    database: settings.name,
    // A function, so that neither PGPASSWORD nor a .pgpass file takes the place of a password that is not configured.
    password: () => settings.password?.reveal() ?? "",
    ssl: tls,
    application_name: "mortise",
    client_encoding: "UTF8",
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMs,
  }) as unknown as WireClient;
  // Without a listener, an error between two statements would end the process.
  client.on("error", () => undefined);
  const giveUp = (error?: Error): void => void client.connection.stream.destroy(error);
  const abort = (): void => giveUp();
  // Not pg's own limit, which ends with the authentication.
  const timer = setTimeout(() => giveUp(new Error("timeout expired")), connectTimeoutMs);
  signal?.addEventListener("abort", abort);
  try {
    await client.connect();
    return { client, tls, identity: await setUpSession(client, settings.place) };
  } catch (error) {
    giveUp();
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}
