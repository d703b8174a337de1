import { connect as openSocket, type Socket } from "node:net";
import type { ServerSettings, TlsSettings } from "@mortise/sql/server";
import { type Connection, type ConnectionOptions, createConnection, type RowDataPacket } from "mysql2";
import { MysqlConnection } from "./connection.ts";
import { type FactsRow, newLockName, readFacts, sessionFacts, setUp } from "./session-setup.ts";

/** How long a server may take to let a connection in, in milliseconds. */
const connectTimeoutMs = 10_000;

/** After so long without traffic the operating system asks whether the other side is still there. */
const keepAliveMs = 60_000;

const preparedStatements = 100;

/** Connects once, with or without TLS, and sets the session up. Errors are the driver's own. */
export async function connectOnce(
  settings: ServerSettings,
  tls: TlsSettings["options"] | false,
  signal: AbortSignal | undefined,
): Promise<MysqlConnection> {
  signal?.throwIfAborted();
  const { socket, mysql } = start(settings, tls);
  const onAbort = (): void => void socket.destroy();
  signal?.addEventListener("abort", onAbort, { once: true });
  // The limit is for the whole of it: a server may accept a socket and never say a word.
  const late = setTimeout(() => socket.destroy(timeoutError()), connectTimeoutMs);
  // Errors between two statements must not be thrown by the emitter.
  let broken: unknown;
  mysql.on("error", (error: unknown) => {
    broken ??= error;
  });
  try {
    await handshake(mysql);
    return await prepareSession(mysql, socket, settings.waitMs);
  } catch (error) {
    socket.destroy();
    signal?.throwIfAborted();
    throw broken ?? error;
  } finally {
    clearTimeout(late);
    signal?.removeEventListener("abort", onAbort);
  }
}

function start(settings: ServerSettings, tls: TlsSettings["options"] | false): { socket: Socket; mysql: Connection } {
  const { host, port } = settings;
  const socket = host.startsWith("/") ? openSocket(host) : openSocket({ host, port });
  socket.setNoDelay(true);
  socket.setKeepAlive(true, keepAliveMs);
  return { socket, mysql: createConnection(driverOptions(settings, tls, socket)) };
}

/** Switches off what mysql2 does of its own accord: conversions, LOCAL INFILE, several statements in one text. */
export function driverOptions(
  settings: ServerSettings,
  tls: TlsSettings["options"] | false,
  socket: Socket,
): ConnectionOptions {
  const { host, port, user, password } = settings;
  return {
    host,
    port,
    user,
    ...(password === undefined ? {} : { password: password.reveal() }),
    stream: () => socket,
    // mysql2 compares no names unless told.
    ...(tls === false ? {} : { ssl: sslOptions(tls) }),
    connectTimeout: connectTimeoutMs,
    charset: "utf8mb4_general_ci",
    // Without FOUND_ROWS the counts of ON DUPLICATE KEY UPDATE tell new rows from old ones.
    flags: ["-FOUND_ROWS", "-LOCAL_FILES", "-IGNORE_SPACE", "-ODBC"],
    multipleStatements: false,
    // Values are bound by the server; a text is sent as it is, and not searched for question marks.
    queryFormat: asItIs,
    maxPreparedStatements: preparedStatements,
    dateStrings: true,
    jsonStrings: true,
    supportBigNumbers: true,
    timezone: "Z",
  };
}

/** mysql2's types forget that the text is returned. */
const asItIs = ((text: string): string => text) as unknown as NonNullable<ConnectionOptions["queryFormat"]>;

function sslOptions(tls: TlsSettings["options"]): NonNullable<Exclude<ConnectionOptions["ssl"], string>> {
  return {
    rejectUnauthorized: tls.rejectUnauthorized,
    verifyIdentity: tls.rejectUnauthorized,
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
  };
}

function timeoutError(): Error {
  return Object.assign(new Error(`no answer within ${connectTimeoutMs} ms`), { code: "ETIMEDOUT" });
}

function handshake(mysql: Connection): Promise<void> {
  return new Promise((resolve, reject) => {
    mysql.connect((error) => (error === null || error === undefined ? resolve() : reject(error)));
  });
}

async function prepareSession(mysql: Connection, socket: Socket, waitMs: number): Promise<MysqlConnection> {
  for (const text of setUp(waitMs)) await query(mysql, text);
  const lock = newLockName();
  const [row] = await query<FactsRow>(mysql, readFacts.replace("?", `'${lock}'`));
  if (row === undefined) throw new Error("the server did not say who the connection is");
  return new MysqlConnection(mysql, socket, sessionFacts(row, lock));
}

function query<Row>(mysql: Connection, text: string): Promise<readonly Row[]> {
  return new Promise((resolve, reject) => {
    mysql.query<RowDataPacket[]>(text, (error, rows) => (error === null ? resolve(rows as Row[]) : reject(error)));
  });
}
