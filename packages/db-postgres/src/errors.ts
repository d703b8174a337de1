/**
 * What PostgreSQL's errors mean to a user, by SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html).
 *
 * | SQLSTATE | code |
 * |---|---|
 * | 23505 | `duplicate` |
 * | 23503, 23001, 23P01 | `integrity` |
 * | 23502 | `missing-attribute` |
 * | 23514, 22… | `out-of-range` |
 * | 42P01, 3F000, 3D000 | `missing-table` |
 * | 42703 | `unknown-attribute` |
 * | 42P07, 42P06, 42710 | `table-exists` |
 * | 42501, 25006 | `access` |
 * | the rest of 42 | `syntax` |
 * | 55P03, 57014 | `busy` |
 * | 40001, 40P01, `tuple concurrently updated` | `TransactionError` `conflict`, retryable |
 * | 08…, 57P01 – 57P05, a broken socket | `connection-lost` |
 * | the rest | `database` |
 */
import { ConfigError, isMortiseError, QueryError, TransactionError } from "@mortise/core";

/** An error that the server sent; errors of the socket have no severity. */
export interface ServerError extends Error {
  /** SQLSTATE. */
  readonly code: string;
  readonly severity: string;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  readonly schema?: string | undefined;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  readonly constraint?: string | undefined;
}

/** Whether the server itself sent it, so that there is a SQLSTATE and the connection may still be good. */
export function isServerError(error: unknown): error is ServerError {
  return error instanceof Error && "severity" in error && typeof (error as Partial<ServerError>).code === "string";
}

/** What pg says where the socket, or its own state after that, has failed; Node gives most of these a code. */
const brokenMessage =
  /^(?:Connection terminated|Client (?:has encountered|was closed)|Received unexpected|timeout expired)/;
const brokenCode = /^(?:E[A-Z]+|ERR_(?:SSL|TLS|STREAM|SOCKET).*)$/;

function isBroken(error: unknown): boolean {
  if (!(error instanceof Error) || isMortiseError(error)) return false;
  const { code } = error as { readonly code?: unknown };
  return brokenMessage.test(error.message) || (typeof code === "string" && brokenCode.test(code));
}

/** Nothing can be sent on a connection after such an error. */
export function endsSession(error: unknown): boolean {
  if (!isServerError(error)) return isBroken(error);
  return isLoss(error.code) || error.severity === "FATAL" || error.severity === "PANIC";
}

/** Classes 08 and 57P, and the limits after which the server hangs up (idle, and length of a transaction). */
function isLoss(code: string): boolean {
  return code.startsWith("08") || code.startsWith("57P") || code === "25P03" || code === "25P04";
}

/** What can't be copied into: tables with row-level security (0A000), views (42809). */
const takesNoCopy: ReadonlySet<string> = new Set(["0A000", "42809"]);

/** The table takes no COPY, as opposed to a row that it does not take. */
export function refusesCopy(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return isServerError(cause) && takesNoCopy.has(cause.code);
}

/** The server quotes the whole row, or the line of a COPY: more than belongs into a log that prints the cause. */
function withoutRow(error: ServerError): ServerError {
  const wholeRow = error.code === "23502" || error.code === "23514";
  return Object.assign(error, { where: undefined, ...(wholeRow ? { detail: undefined } : {}) });
}

/** The driver's error as Mortise reports it; errors of Mortise, and what is a bug, pass unchanged. */
export function translate(error: unknown): unknown {
  if (endsSession(error)) return lost(error);
  if (!isServerError(error)) return error;
  const { code } = error;
  // Not a state of its own: two sessions have changed the same entry of a catalog.
  if (error.message === "tuple concurrently updated") return conflict(error);
  const translation = exact[code] ?? byClass[code.slice(0, 2)] ?? plain("database", "PostgreSQL: ");
  return translation(withoutRow(error));
}

function lost(error: unknown): QueryError {
  const message = error instanceof Error ? error.message : String(error);
  return new QueryError("connection-lost", `the connection to PostgreSQL was lost: ${message}`, {
    cause: error,
    hint: isServerError(error) ? lossHints[error.code] : undefined,
  });
}

const lossHints: Readonly<Record<string, string>> = {
  "57P01": "the server was stopped, or an administrator ended this session",
  "57P02": "another process of the server crashed; it recovers by itself",
  "25P03": "the transaction did nothing for longer than idle_in_transaction_session_timeout allows",
  "25P04": "the transaction took longer than transaction_timeout allows",
  "57P05": "the session did nothing for longer than idle_session_timeout allows",
};

type Translation = (error: ServerError) => QueryError | TransactionError;

/** The server's own words, with what was tried before them. */
function plain(code: string, lead: string, hint?: string): Translation {
  return (error) =>
    new QueryError(code, `${lead}${shortened(error.message)}`, { cause: error, hint: hint ?? error.hint });
}

/** Another transaction was in the way, and this one can only be rolled back. */
const conflict: Translation = (error) =>
  new TransactionError("conflict", `the server ended a conflict between transactions: ${error.message}`, {
    cause: error,
    retryable: true,
    hint: "roll back, and run the whole transaction again",
  });

const missingTable = plain("missing-table", "", "declare it first");
const exists = plain("table-exists", "");
const refused = plain("access", "the database refused: ");

const exact: Readonly<Record<string, Translation>> = {
  "23505": duplicate,
  "23503": brokenReference,
  "23001": brokenReference,
  "23P01": plain("integrity", ""),
  "23502": missingValue,
  "23514": plain("out-of-range", "a value was refused: "),
  "25006": refused,
  "25P02": plain(
    "database",
    "",
    "an earlier statement of this transaction failed: roll back, or to a savepoint before it",
  ),
  "3D000": missingTable,
  "3F000": missingTable,
  "40001": conflict,
  "40P01": conflict,
  "42501": refused,
  "42703": plain("unknown-attribute", ""),
  "42P01": missingTable,
  "42P06": exists,
  "42P07": exists,
  "42710": exists,
  "53100": plain("database", "the server's disk is full: ", "make room there, and run it again"),
  "53200": plain("database", "the server is out of memory: "),
  "55P03": plain("busy", "another transaction holds a lock: "),
  "57014": plain("busy", "the server stopped the statement: "),
};

const byClass: Readonly<Record<string, Translation>> = {
  "22": plain("out-of-range", "a value was refused: "),
  "42": plain("syntax", "PostgreSQL can't read the statement: "),
};

/** Characters of a value or of the server's detail that a message shows. */
const maxShown = 200;

function shortened(text: string): string {
  return text.length > maxShown ? `${text.slice(0, maxShown)}…` : text;
}

function tableOf({ schema, table }: ServerError): string {
  return table === undefined ? "the table" : `${schema}.${table}`;
}

/** What stands in the server's `Key (a, b)=(1, x) …`, in its language; nothing where the user may not see the columns. */
function keyIn(
  error: ServerError,
): { readonly columns: string; readonly values: string; readonly rest: string } | undefined {
  const match = /\((.*?)\)=\((.*)\)([^)]*)$/s.exec(error.detail ?? "");
  if (match === null) return undefined;
  return {
    columns: (match[1] ?? "").replaceAll('"', ""),
    values: shortened(match[2] ?? ""),
    rest: (match[3] ?? "").trim(),
  };
}

function duplicate(error: ServerError): QueryError {
  const table = tableOf(error);
  const key = keyIn(error);
  if (key?.columns === "_singleton") {
    return new QueryError("duplicate", `${table} has its one row already`, {
      cause: error,
      hint: "a table without a key holds a single row: change it with updateOne, or delete it first",
    });
  }
  const what =
    key === undefined ? `values of ${error.constraint ?? "a unique index"}` : `${key.columns}: ${key.values}`;
  return new QueryError("duplicate", `${table} already has a row with the same ${what}`, { cause: error });
}

/** Either end of a foreign key: the row refers to none, or is referred to. */
function brokenReference(error: ServerError): QueryError {
  const key = keyIn(error);
  const other = /table "(.*)"\.$/.exec(key?.rest ?? "")?.[1];
  if (key === undefined || other === undefined) {
    return new QueryError("integrity", `a foreign key was violated: ${error.message}`, {
      cause: error,
      hint: "the row refers to one that does not exist, or other rows still refer to it",
    });
  }
  const child = tableOf(error);
  const name = `(foreign key ${error.constraint})`;
  if (key.rest.startsWith("is not present")) {
    return new QueryError("integrity", `${child}: ${other} has no row with ${key.columns} = ${key.values} ${name}`, {
      cause: error,
      hint: `insert the row of ${other} first, or correct ${key.columns}`,
    });
  }
  return new QueryError(
    "integrity",
    `rows of ${child} still refer to the row with ${key.columns} = ${key.values} ${name}`,
    {
      cause: error,
      hint: `delete or change the rows of ${child} first`,
    },
  );
}

function missingValue(error: ServerError): QueryError {
  const column = error.column ?? "a required column";
  return new QueryError("missing-attribute", `${tableOf(error)} needs a value for ${column}`, { cause: error });
}

/** Where was tried to connect. */
interface Target {
  readonly place: string;
  readonly host: string;
  readonly port: number;
}

/** The server answered a wish for TLS with no; pg says it in words only. */
export function hasNoTls(error: unknown): boolean {
  return error instanceof Error && error.message === "The server does not support SSL connections";
}

const hints = {
  host: "check database.host",
  refused: "check that the server runs, and database.host and database.port",
  silent: "no answer in time: check database.host and database.port, and firewalls on the way",
  user: "check database.user and database.password (DJ_USER and DJ_PASS, or .secrets/database.password)",
  rules: "the server's pg_hba.conf has no rule for this user, database and address, or only one that asks for TLS",
  connect: "the role needs the CONNECT privilege on the database",
  full: "lower mortise.database.connections, close other programs, or raise max_connections on the server",
  starting: "the server is starting, stopping or recovering: try again in a moment",
  name: "create the database, or set database.name (default postgres)",
  certificate: "the certificate is not for this host or not signed by the authorities of database.tls_ca",
} as const;

/** Codes of Node's name look-up and sockets. */
const socketHints: Readonly<Record<string, string>> = {
  ENOTFOUND: hints.host,
  EAI_AGAIN: hints.host,
  ENOENT: hints.refused,
  ECONNREFUSED: hints.refused,
  ETIMEDOUT: hints.silent,
  EHOSTUNREACH: hints.silent,
  ENETUNREACH: hints.silent,
};

/** Why no connection came about: `unreachable`, `access`, `unknown-database` or `tls-unavailable`. */
export function connectError(error: unknown, target: Target): unknown {
  if (isMortiseError(error)) return error;
  const fail = (code: string, hint: string | undefined): ConfigError =>
    new ConfigError(code, `can't connect to ${target.place}: ${reasonOf(error)}`, { cause: error, hint });
  const { code = "" } = error as { readonly code?: string };
  const message = error instanceof Error ? error.message : "";
  if (isServerError(error)) {
    if (code === "3D000") return fail("unknown-database", hints.name);
    if (code === "28P01") return fail("access", hints.user);
    if (code === "28000") return fail("access", message.includes("pg_hba.conf") ? hints.rules : hints.user);
    if (code === "42501") return fail("access", hints.connect);
    if (code === "53300") return fail("unreachable", hints.full);
    return fail("unreachable", code.startsWith("57P") ? hints.starting : error.hint);
  }
  if (message.startsWith("SASL") || message.includes("password must be")) return fail("access", hints.user);
  if (/^(?:ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_SSL)/.test(code)) {
    return fail("tls-unavailable", hints.certificate);
  }
  return fail("unreachable", message === "timeout expired" ? hints.silent : (socketHints[code] ?? hints.refused));
}

/** pg says it in the words of the protocol. */
function isWithoutPassword(error: unknown): boolean {
  return error instanceof Error && /client password must be a (?:non-empty )?string/.test(error.message);
}

/** Node tries every address of a name, and keeps what went wrong inside; its own message is then empty. */
function reasonOf(error: unknown): string {
  if (isWithoutPassword(error)) return "the server asks for a password, and none is given";
  if (error instanceof AggregateError && error.message === "") return error.errors.map(reasonOf).join(", ");
  return error instanceof Error ? error.message : String(error);
}
