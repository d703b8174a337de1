import { inspect } from "node:util";
import { isMortiseError, QueryError } from "@mortise/core";
import { describe, expect, it } from "vitest";
import { connectError, endsSession, hasNoTls, refusesCopy, translate } from "./errors.ts";

/** As pg makes them of the server's message. */
function serverError(code: string, fields: Readonly<Record<string, unknown>> = {}): Error {
  return Object.assign(new Error("as the server says"), { code, severity: "ERROR", ...fields });
}

const visit = { schema: "lab", table: "visit", constraint: "fk" };
const target = { place: "alice@db:5432/lab", host: "db", port: 5432 };

describe("errors of the server", () => {
  it.each([
    [
      "23505",
      { ...visit, detail: "Key (subject, n)=(a)=(b, 1) already exists." },
      "duplicate",
      "lab.visit already has a row with the same subject, n: a)=(b, 1",
    ],
    [
      "23505",
      { ...visit, detail: "Schlüssel »(subject)=(a)« existiert bereits." },
      "duplicate",
      "lab.visit already has a row with the same subject: a",
    ],
    [
      "23505",
      { ...visit, constraint: "index_1" },
      "duplicate",
      "lab.visit already has a row with the same values of index_1",
    ],
    [
      "23505",
      { ...visit, detail: "Key (_singleton)=(t) already exists." },
      "duplicate",
      "lab.visit has its one row already",
    ],
    [
      "23503",
      { ...visit, detail: 'Key (a, b)=(1, 2) is not present in table "subject".' },
      "integrity",
      "lab.visit: subject has no row with a, b = 1, 2 (foreign key fk)",
    ],
    [
      "23001",
      { ...visit, detail: 'Key (a)=(1) is referenced from table "visit".' },
      "integrity",
      "rows of lab.visit still refer to the row with a = 1 (foreign key fk)",
    ],
    ["23503", visit, "integrity", "a foreign key was violated: as the server says"],
    ["23502", { ...visit, column: "b" }, "missing-attribute", "lab.visit needs a value for b"],
    ["23514", visit, "out-of-range", "a value was refused: as the server says"],
    ["22003", {}, "out-of-range", "a value was refused: as the server says"],
    ["22P02", {}, "out-of-range", "a value was refused: as the server says"],
    ["42P01", {}, "missing-table", "as the server says"],
    ["3F000", {}, "missing-table", "as the server says"],
    ["42703", {}, "unknown-attribute", "as the server says"],
    ["42P07", {}, "table-exists", "as the server says"],
    ["42601", {}, "syntax", "PostgreSQL can't read the statement: as the server says"],
    ["42804", {}, "syntax", "PostgreSQL can't read the statement: as the server says"],
    ["42501", {}, "access", "the database refused: as the server says"],
    ["25006", {}, "access", "the database refused: as the server says"],
    ["55P03", {}, "busy", "another transaction holds a lock: as the server says"],
    ["57014", {}, "busy", "the server stopped the statement: as the server says"],
    ["XX001", {}, "database", "PostgreSQL: as the server says"],
  ])("%s becomes a QueryError with a code that says what was wrong", (code, fields, expected, message) => {
    const error = serverError(code, fields);
    expect(translate(error)).toMatchObject({ name: "QueryError", code: expected, message, cause: error });
    expect(endsSession(error)).toBe(false);
  });

  it.each([
    ["40001", "as the server says"],
    ["40P01", "as the server says"],
    ["XX000", "tuple concurrently updated"],
  ])("%s, %s, asks for the whole transaction again", (code, message) => {
    expect(translate(serverError(code, { message }))).toMatchObject({
      name: "TransactionError",
      code: "conflict",
      retryable: true,
    });
  });

  it.each([
    serverError("57P01", { severity: "FATAL" }),
    serverError("57P05"),
    serverError("08006"),
    serverError("25P03", { severity: "FATAL" }),
    serverError("XX000", { severity: "PANIC" }),
    Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }),
    Object.assign(new Error("write EPIPE"), { code: "EPIPE" }),
    new Error("Connection terminated unexpectedly"),
    new Error("Client has encountered a connection error and is not queryable"),
  ])("%s means that the connection is lost", (error) => {
    expect(endsSession(error)).toBe(true);
    expect(translate(error)).toMatchObject({ name: "QueryError", code: "connection-lost", cause: error });
  });

  it("leaves other errors alone", () => {
    const errors = [new TypeError("a bug"), new QueryError("invalid-query", "ours")];
    for (const error of errors) {
      expect(translate(error)).toBe(error);
      expect(endsSession(error)).toBe(false);
    }
  });

  it("keeps rows of the user out of what is printed", () => {
    const fields = {
      ...visit,
      column: "b",
      detail: "Failing row contains (secret).",
      where: 'COPY visit, line 1: "secret"',
    };
    for (const code of ["23502", "23514"]) {
      expect(inspect(translate(serverError(code, fields)), { depth: 10 })).not.toContain("secret");
    }
  });

  it("shortens what the server quotes", () => {
    const error = serverError("22P02", { message: `invalid input syntax for type json: "${"x".repeat(5000)}"` });
    expect((translate(error) as Error).message.length).toBeLessThan(300);
  });

  it("tells a table that takes no COPY from a row that it does not take", () => {
    for (const code of ["0A000", "42809"]) expect(refusesCopy(translate(serverError(code)))).toBe(true);
    expect(refusesCopy(translate(serverError("23505", visit)))).toBe(false);
  });
});

describe("errors of connecting", () => {
  it.each([
    [serverError("28P01"), "access", "database.password"],
    [serverError("28000", { message: 'no pg_hba.conf entry for host "10.0.0.1"' }), "access", "pg_hba.conf"],
    [serverError("28000", { message: 'role "alice" does not exist' }), "access", "database.user"],
    [serverError("42501"), "access", "CONNECT"],
    [serverError("3D000"), "unknown-database", "database.name"],
    [serverError("53300"), "unreachable", "max_connections"],
    [serverError("57P03"), "unreachable", "try again"],
    [new Error("SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a non-empty string"), "access", "password"],
    [Object.assign(new Error("getaddrinfo ENOTFOUND db"), { code: "ENOTFOUND" }), "unreachable", "database.host"],
    [
      Object.assign(new AggregateError([new Error("connect ECONNREFUSED ::1:1")]), { code: "ECONNREFUSED" }),
      "unreachable",
      "runs",
    ],
    [new Error("timeout expired"), "unreachable", "firewalls"],
    [
      Object.assign(new Error("self-signed certificate"), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" }),
      "tls-unavailable",
      "tls_ca",
    ],
    [Object.assign(new Error("not this host"), { code: "ERR_TLS_CERT_ALTNAME_INVALID" }), "tls-unavailable", "tls_ca"],
  ])("%s says where it was tried and what to do", (cause, code, hint) => {
    const error = connectError(cause, target);
    expect(error).toMatchObject({
      name: "ConfigError",
      code,
      message: expect.stringMatching(/^can't connect to alice@db:5432\/lab: \S/) as unknown,
      hint: expect.stringContaining(hint) as unknown,
      cause,
    });
    expect(isMortiseError(connectError(error, target), code)).toBe(true);
  });

  it("says in plain words that no password is given", () => {
    const error = connectError(new Error("SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string"), target);
    expect(error).toMatchObject({
      message: expect.stringMatching(/asks for a password, and none is given$/) as unknown,
    });
  });

  it("knows a server without TLS", () => {
    expect(hasNoTls(new Error("The server does not support SSL connections"))).toBe(true);
    expect(hasNoTls(new Error("There was an error establishing an SSL connection"))).toBe(false);
  });
});
