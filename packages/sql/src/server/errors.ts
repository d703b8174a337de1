/** Errors of connections that several files raise or look at. */
import { ConfigError, isMortiseError, QueryError, TransactionError } from "@mortise/core";

/** The connection is gone: what ran on it has an outcome that its caller must know how to judge. */
export function isConnectionLost(error: unknown): boolean {
  return isMortiseError(error, "connection-lost");
}

/** The database was closed by its owner. */
export function closedError(place: string): ConfigError {
  return new ConfigError("closed", `the database ${place} is closed`);
}

/** All connections are in use. */
export function poolExhausted(what: string, connections: number, timeoutMs: number): QueryError {
  return new QueryError("busy", `none of the ${connections} ${what} connections was free within ${timeoutMs} ms`, {
    hint: "end transactions and streams before you begin others, or raise connections in the options of the database",
  });
}

/** No connection could be made although the database was open before. */
export function reconnectFailed(error: unknown, place: string): unknown {
  if (!isMortiseError(error, "unreachable")) return error;
  return new QueryError(
    "connection-lost",
    `the connection to ${place} was lost, and there is no new one: ${error.message}`,
    {
      cause: error,
      hint: "nothing was sent; try again when the server is back",
    },
  );
}

/** A statement outside a transaction whose answer never came. */
export function statementLost(cause: unknown, place: string, harmless: boolean): QueryError {
  const what = `the connection to ${place} was lost while a statement ran`;
  const outcome = harmless ? "" : "; whether it took effect is not known";
  return new QueryError("connection-lost", `${what}${outcome}: ${messageOf(cause)}`, {
    cause,
    hint: harmless ? "run it again" : "look for its rows before you run it again",
  });
}

/** A handle outlived its transaction. */
export function endedError(what: string, state: string): TransactionError {
  return new TransactionError("ended", `can't ${what}: the transaction is ${state}`, {
    hint: "begin a new transaction; handles of an ended one can't be used",
  });
}

/** The transaction is gone with its connection. */
export function lostInTransaction(cause: unknown, place: string): QueryError {
  return new QueryError(
    "connection-lost",
    `the connection to ${place} was lost inside a transaction: ${messageOf(cause)}`,
    {
      cause,
      hint: "the server rolled the transaction back; run all of it again",
    },
  );
}

/** What another library's error says, if it says something. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
