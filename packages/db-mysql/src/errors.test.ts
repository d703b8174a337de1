import { inspect } from "node:util";
import { isMortiseError, type QueryError, type TransactionError } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { endsTransaction, hasNoTls, isLost, translate, translateRefusal } from "./errors.ts";

/** An error as mysql2 makes it: with the whole statement in it. */
function driverError(errno: number, message: string, more: object = {}): Error {
  const sql = "INSERT INTO lab.account VALUES ('hunter2')";
  return Object.assign(new Error(message), { errno, code: "ER_SOMETHING", sqlState: "HY000", sql, ...more });
}

function codeOf(errno: number): string {
  return (translate(driverError(errno, "what the server said")) as QueryError).code;
}

describe("errors of the server", () => {
  it.each([
    ["duplicate", [1062, 1586]],
    ["integrity", [1216, 1217, 1451, 1452, 3730]],
    ["missing-attribute", [1048, 1364]],
    ["unknown-attribute", [1054]],
    ["syntax", [1064]],
    ["access", [1044, 1142, 1143, 1227, 1290, 1792]],
    ["missing-table", [1146, 1049, 1051, 1046]],
    ["table-exists", [1050]],
    ["out-of-range", [1264, 1265, 1292, 1366, 1406, 1690, 3140, 3819, 4025]],
    ["busy", [1205, 3572]],
    ["cancelled", [1317, 3024, 1969]],
    ["connection-lost", [1053, 1927, 2006, 2013, 3169, 4031]],
    ["invalid-query", [1136, 1210, 1295]],
    ["database", [1030, 9999]],
  ])("become %s for %j", (code, numbers) => {
    expect(numbers.map(codeOf)).toEqual(numbers.map(() => code));
  });

  it("name a deadlock victim as a transaction that is gone and may be run again", () => {
    const error = translate(driverError(1213, "Deadlock found")) as TransactionError;
    expect(error).toMatchObject({ name: "TransactionError", code: "conflict", retryable: true });
    expect(endsTransaction(driverError(1213, "Deadlock found"), false)).toBe(true);
    // As InnoDB's own error handling has it: also where the table of locks is full, and where a group refuses a COMMIT.
    for (const errno of [1206, 3101]) expect(endsTransaction(driverError(errno, "rolled back"), false)).toBe(true);
    for (const errno of [1062, 1114, 1452]) expect(endsTransaction(driverError(errno, "refused"), false)).toBe(false);
  });

  it("follow the server's innodb_rollback_on_timeout for a lock that was not free in time", () => {
    const timeout = driverError(1205, "Lock wait timeout exceeded");
    expect([translate(timeout), translate(timeout, true)]).toMatchObject([{ code: "busy" }, { code: "conflict" }]);
    expect([endsTransaction(timeout, false), endsTransaction(timeout, true)]).toEqual([false, true]);
  });

  it("keep the server's words, number and state, and nothing of the statement", () => {
    const error = translate(driverError(1062, "Duplicate entry '7' for key 'account.PRIMARY'")) as QueryError;
    expect(error.message).toBe(
      "a row with the same key or unique columns is already there: Duplicate entry '7' for key 'account.PRIMARY'",
    );
    expect(error.cause).toMatchObject({ errno: 1062, code: "ER_SOMETHING", sqlState: "HY000" });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("hunter2");
  });

  it("leave errors of Mortise and what is no error as they are", () => {
    const own = translate(driverError(1062, "x"));
    expect(translate(own)).toBe(own);
    expect(translate("text")).toBe("text");
  });
});

describe("a broken socket", () => {
  it.each(["ECONNRESET", "EPIPE", "ETIMEDOUT", "PROTOCOL_CONNECTION_LOST", "ERR_STREAM_DESTROYED"])(
    "%s is a lost connection",
    (code) => {
      const error = Object.assign(new Error(`read ${code}`), { code });
      expect(isLost(error)).toBe(true);
      expect(translate(error)).toMatchObject({ code: "connection-lost" });
    },
  );

  it("is whatever mysql2 calls fatal, except a column name that it refuses", () => {
    const fatal = Object.assign(new Error("it broke"), { fatal: true });
    expect(translate(fatal)).toMatchObject({ code: "connection-lost" });
    const name = Object.assign(new Error("The field name (__proto__) can't be…"), { fatal: true });
    expect(translate(name)).toMatchObject({ code: "invalid-query" });
  });
});

describe("a refused connection", () => {
  const place = "ann@db.lab:3306";
  const refusal = (more: object): unknown => translateRefusal(Object.assign(new Error("what was said"), more), place);

  it.each([
    ["access", { errno: 1045, code: "ER_ACCESS_DENIED_ERROR" }],
    ["access", { errno: 1862 }],
    ["access", { errno: 3159 }],
    ["access", { code: "AUTH_SWITCH_PLUGIN_ERROR" }],
    ["access", { code: "MYSQL_CLEAR_PASSWORD_NOT_ENABLED" }],
    ["unknown-database", { errno: 1049 }],
    ["unreachable", { errno: 1040 }],
    ["unreachable", { errno: 1129 }],
    ["unreachable", { code: "ECONNREFUSED", errno: -111 }],
    ["unreachable", { code: "ENOTFOUND", errno: -3008 }],
    ["unreachable", { code: "ETIMEDOUT" }],
    ["unreachable", { code: "SOMETHING_NEW" }],
    ["tls-ca", { code: "HANDSHAKE_SSL_ERROR" }],
    ["server-unsupported", { errno: 1193 }],
  ])("is %s for %j, and says what to do", (code, more) => {
    const error = refusal(more);
    expect(error).toMatchObject({ name: "ConfigError", code, hint: expect.any(String) });
    expect((error as Error).message).toMatch(/^can't connect to ann@db\.lab:3306: .*: what was said$/);
  });

  it("is told from a server without TLS, which may be used in plain on this machine", () => {
    expect(hasNoTls(Object.assign(new Error("x"), { code: "HANDSHAKE_NO_SSL_SUPPORT" }))).toBe(true);
    expect(hasNoTls(new Error("x"))).toBe(false);
  });

  it("leaves the reason of an aborted signal as it is", () => {
    const reason = AbortSignal.abort().reason as Error;
    expect(translateRefusal(reason, place)).toBe(reason);
    expect(isMortiseError(refusal({}))).toBe(true);
  });
});
