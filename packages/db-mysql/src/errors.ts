/**
 * What MySQL's and MariaDB's errors mean to a user. Numbers are the servers' own
 * (https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html), names are Node's and mysql2's.
 *
 * | server, driver or system | code |
 * |---|---|
 * | 1062 and its kin | `duplicate` |
 * | 1451, 1452, 3730 and their kin | `integrity` |
 * | 1048, 1364 | `missing-attribute` |
 * | 1054 | `unknown-attribute` |
 * | 1064 | `syntax` |
 * | 1044, 1142, 1143, 1227, 1290, 1792 | `access` |
 * | 1146, 1049, 1051, 1046 | `missing-table` |
 * | 1050, 1007 | `table-exists` |
 * | 1264, 1265, 1292, 1366, 1406, 3819 and their kin | `out-of-range` |
 * | 1205, 3572 | `busy`: only the statement was undone |
 * | 1317, 3024, 1969 | `cancelled` |
 * | 2006, 2013, 1053, 1927, 3169, 4031, a broken socket | `connection-lost` |
 * | 1213 | `TransactionError` `conflict`: the server has rolled the whole transaction back |
 * | the rest | `database` |
 */
import { ConfigError, isMortiseError, QueryError, TransactionError } from "@mortise/core";

/** As much of mysql2's errors as is used; of the rest `sql` must not get out, because it has the values in it. */
interface DriverError extends Error {
  readonly errno?: number;
  readonly code?: string;
  readonly sqlState?: string;
  readonly fatal?: boolean;
}

/** The cause of a translated error: the server's or system's own words, without statement, values or settings. */
export class MysqlServerError extends Error {
  /** `ER_DUP_ENTRY`, `ECONNRESET`. */
  declare readonly code?: string;
  /** The server's number. */
  declare readonly errno?: number;
  declare readonly sqlState?: string;

  constructor(error: DriverError) {
    super(error.message);
    this.name = "MysqlServerError";
    if (error.code !== undefined) this.code = error.code;
    if (error.errno !== undefined) this.errno = error.errno;
    if (error.sqlState !== undefined) this.sqlState = error.sqlState;
  }
}

const codes: Readonly<Record<string, readonly number[]>> = {
  duplicate: [1022, 1062, 1586, 1859],
  integrity: [1216, 1217, 1451, 1452, 1701, 1761, 1762, 3730],
  "missing-attribute": [1048, 1364],
  "unknown-attribute": [1054],
  syntax: [1064, 1065, 1149],
  access: [1044, 1142, 1143, 1227, 1290, 1370, 1792, 1836, 3100],
  "missing-table": [1046, 1049, 1051, 1109, 1146],
  "table-exists": [1007, 1050],
  "out-of-range": [
    1264, 1265, 1292, 1365, 1366, 1367, 1406, 1411, 1416, 1426, 1441, 1525, 1690, 3140, 3141, 3156, 3819, 4025,
  ],
  busy: [1205, 1637, 3572],
  cancelled: [1317, 1969, 3024],
  "connection-lost": [1053, 1080, 1152, 1158, 1159, 1160, 1161, 1184, 1927, 2006, 2013, 2055, 3169, 4031],
  "invalid-query": [1136, 1210, 1295],
};

const codeOf: ReadonlyMap<number, string> = new Map(
  Object.entries(codes).flatMap(([code, numbers]) => numbers.map((number): [number, string] => [number, code])),
);

/** Errors of the socket, and mysql2's own for one that is gone. */
const lostNames: ReadonlySet<string> = new Set([
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETDOWN",
  "ENETUNREACH",
  "ENOTCONN",
  "ERR_STREAM_DESTROYED",
  "ERR_STREAM_WRITE_AFTER_END",
  "PROTOCOL_CONNECTION_LOST",
  "PROTOCOL_ERROR",
  "PROTOCOL_UNEXPECTED_PACKET",
]);

const what: Readonly<Record<string, string>> = {
  duplicate: "a row with the same key or unique columns is already there",
  integrity: "a foreign key was violated",
  "missing-attribute": "a required column has no value",
  "unknown-attribute": "there is no such column",
  syntax: "MySQL can't read the statement",
  access: "the server refused access",
  "missing-table": "there is no such table or schema",
  "table-exists": "the table or schema exists already",
  "out-of-range": "a value was refused",
  busy: "a lock was not free in time, and the statement was undone",
  cancelled: "the statement was cancelled",
  "connection-lost": "the connection to the server was lost",
  "invalid-query": "the statement can't be run",
};

const codeHints: Readonly<Record<string, string>> = {
  integrity: "the row refers to one that does not exist, or other rows still refer to it",
  "missing-table": "declare it first",
  busy: "another transaction holds the row or table; keep transactions short, or try again",
};

const numberHints: Readonly<Record<number, string>> = {
  1046: "name the schema too: sessions have none of their own",
  1021: "the server's disk is full: make room and run it again",
  1114: "the table or the server's disk is full: make room and run it again",
  1153: "the statement is larger than the server's max_allowed_packet: raise it, or insert fewer rows at a time",
  1290: "the server is read-only, perhaps a replica: connect to the primary",
  1412: "a table was changed since the transaction began: begin it again",
  1665: "the server's binlog_format is STATEMENT, which READ COMMITTED can't write with: set it to ROW",
  1461: "raise max_prepared_stmt_count on the server: every connection keeps up to 100 prepared statements",
  1792: "the session is read-only: begin one without readOnly",
  1836: "the server is read-only: connect to the primary",
};

/** Errors that leave no transaction: deadlock victims, and certification failures of replicated groups. */
const conflicts: ReadonlySet<number> = new Set([1020, 1213, 1614, 3101]);

const lockTimeout = 1205;

/** InnoDB undoes all of the transaction: a deadlock, a full lock table, a refusal of the replicated group at COMMIT. */
const undoesAll: ReadonlySet<number> = new Set([1206, 1213, 3101]);

/** Whether the error leaves no transaction open. */
export function endsTransaction(error: unknown, rollsBackOnTimeout: boolean): boolean {
  const { errno = 0 } = (error ?? {}) as Partial<DriverError>;
  return undoesAll.has(errno) || (errno === lockTimeout && rollsBackOnTimeout);
}

/** Whether the socket or the server's side of it is gone. */
export function isLost(error: unknown): boolean {
  const { errno, code, fatal } = (error ?? {}) as Partial<DriverError>;
  if (codeOf.get(errno ?? 0) === "connection-lost") return true;
  return fatal === true || (code !== undefined && lostNames.has(code));
}

/**
 * The driver's error as Mortise reports it; errors of Mortise pass unchanged.
 *
 * @param rollsBackOnTimeout the server's innodb_rollback_on_timeout: 1205 then ends the whole transaction
 */
export function translate(error: unknown, rollsBackOnTimeout: boolean = false): unknown {
  if (isMortiseError(error)) return error;
  if (!(error instanceof Error)) return error;
  const { errno = 0, message } = error as DriverError;
  const cause = new MysqlServerError(error);
  if (conflicts.has(errno) || (errno === lockTimeout && rollsBackOnTimeout)) {
    return new TransactionError("conflict", `the server rolled the transaction back: ${message}`, {
      cause,
      retryable: true,
      hint: "another transaction held what this one needed: run it again",
    });
  }
  const code = codeOf.get(errno) ?? ownCode(error);
  const hint = numberHints[errno] ?? codeHints[code];
  return new QueryError(code, `${what[code] ?? "MySQL reported an error"}: ${message}`, { cause, hint });
}

/** mysql2 gives the connection up over a column of a name that its row objects can't have. */
function ownCode(error: Error): string {
  if (error.message.startsWith("The field name (")) return "invalid-query";
  return isLost(error) ? "connection-lost" : "database";
}

/** Why a connection was refused, by the server's number or the system's name. */
const refusals: readonly (readonly [code: string, what: string, hint: string, causes: readonly (number | string)[]])[] =
  [
    [
      "access",
      "the server refused the user or password",
      "check database.user and database.password (DJ_USER and DJ_PASS, or .secrets/database.password), and from where the user may connect",
      [1044, 1045, 1130, 1698],
    ],
    [
      "access",
      "the account can't be used",
      "its password has expired or it is locked: ask the server's administrator",
      [1820, 1862, 3118, 4151],
    ],
    ["access", "the server wants TLS", "set database.use_tls to true, or leave it out", [3159]],
    [
      "access",
      "the server wants a way of authentication that is not supported",
      "give the account one of caching_sha2_password, mysql_native_password or sha256_password",
      ["AUTH_SWITCH_PLUGIN_ERROR", "MYSQL_CLEAR_PASSWORD_NOT_ENABLED", 1251, 1524, 2059],
    ],
    ["unknown-database", "the server has no such database", "create it first", [1049]],
    [
      "unreachable",
      "the server has no connection left",
      "raise max_connections on the server, or lower `connections` of the database in the programs that use it",
      [1040, 1203, 1226],
    ],
    [
      "unreachable",
      "the server has blocked this host after many failed connections",
      "run FLUSH HOSTS on the server, and look for what connects to it and says nothing",
      [1129],
    ],
    ["unreachable", "the server is starting or stopping", "try again", [1053]],
    ["unreachable", "there is no such host", "check database.host", ["ENOTFOUND", "EAI_AGAIN", "EAI_NODATA"]],
    [
      "unreachable",
      "nothing answers there",
      "check database.host and database.port, and that the server is running",
      ["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ENOENT", "EACCES", "EADDRNOTAVAIL"],
    ],
    [
      "unreachable",
      "the server did not answer in time",
      "check database.host and database.port, and firewalls in between",
      ["ETIMEDOUT"],
    ],
    [
      "tls-ca",
      "TLS with the server failed",
      "database.tls_ca must have the authority that signed the certificate, and the certificate the name of database.host",
      ["HANDSHAKE_SSL_ERROR"],
    ],
    [
      "server-unsupported",
      "the server lacks a setting that every session needs",
      "see the versions in the package's README",
      [1193, 1231],
    ],
  ];

/** The server says that it has no TLS. */
export function hasNoTls(error: unknown): boolean {
  return (error as Partial<DriverError> | null)?.code === "HANDSHAKE_NO_SSL_SUPPORT";
}

/** What connecting failed with, as Mortise reports it. Errors of Mortise and of an aborted signal pass unchanged. */
export function translateRefusal(error: unknown, place: string): unknown {
  if (isMortiseError(error) || !(error instanceof Error) || error.name === "AbortError") return error;
  const { errno, code, message } = error as DriverError;
  const cause = new MysqlServerError(error);
  const fail = (kind: string, what: string, hint: string): ConfigError =>
    new ConfigError(kind, `can't connect to ${place}: ${what}: ${message}`, { cause, hint });
  for (const [kind, what, hint, causes] of refusals) {
    if (causes.includes(errno ?? "") || causes.includes(code ?? "")) return fail(kind, what, hint);
  }
  return fail("unreachable", "the connection was not made", "check that a MySQL or MariaDB server listens there");
}
