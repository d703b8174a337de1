import { QueryError } from "@mortise/core";
import { type InsertRequest, useDefault } from "@mortise/sql";
import { describe, expect, it } from "vitest";
import { refusal } from "./refused-row.ts";

function serverError(errno: number, message: string): Error {
  return Object.assign(new Error(message), { errno, code: "ER", sql: "INSERT … 'secret'" });
}

function request(extra: Partial<InsertRequest> = {}): InsertRequest {
  return { schema: "lab", table: "p", columns: ["id", "name"], primaryKey: ["id"], rows: [[7, "it's"]], ...extra };
}

const taken = (key: string, entry = "7"): Error => serverError(1062, `Duplicate entry '${entry}' for key '${key}'`);

const orphan = serverError(
  1452,
  "Cannot add or update a child row: a foreign key constraint fails (`lab`.`p`, CONSTRAINT `p_ibfk_1` FOREIGN KEY " +
    "(`id`, `name`) REFERENCES `lab2`.`subject` (`subject_id`, `label`) ON DELETE RESTRICT ON UPDATE CASCADE)",
);

describe("what the server says of an INSERT", () => {
  it.each(["PRIMARY", "p.PRIMARY"])("R-341: names the key that is taken (%s)", (key) => {
    const error = refusal(taken(key), request());
    expect(error).toMatchObject({ code: "duplicate", message: "lab.p already has a row with the same id: 7" });
  });

  it("R-342: is no error where the row may be skipped", () => {
    expect(refusal(taken("p.PRIMARY"), request({ onDuplicate: "skip" }))).toBe(0);
  });

  it.each([
    ["another unique key", taken("p.index-1")],
    ["a value that looks like the end of the message", taken("p.index-1", "x' for key 'p.PRIMARY")],
  ])("R-364: is an error for %s", (_what, error) => {
    expect(refusal(error, request({ onDuplicate: "skip" }))).toBeUndefined();
  });

  it("R-364: is a duplicate where the clause of many rows met another unique key", () => {
    const rows = [
      [7, "a"],
      [8, "b"],
    ];
    const error = refusal(
      serverError(1242, "Subquery returns more than 1 row"),
      request({ rows, onDuplicate: "skip" }),
    );
    expect(error).toMatchObject({ code: "duplicate", hint: "only rows with the same id are skipped or replaced" });
    expect(refusal(serverError(1242, "Subquery returns more than 1 row"), request({ rows }))).toBeUndefined();
  });

  it("R-362: says that a table without a key holds one row", () => {
    const singleton = request({ columns: ["v"], rows: [[1]], primaryKey: ["_singleton"] });
    expect(refusal(taken("PRIMARY", "1"), singleton)).toMatchObject({ message: "lab.p has its one row already" });
  });

  it("R-350: names the parent that is missing, with the row's values", () => {
    expect(refusal(orphan, request())).toMatchObject({
      code: "integrity",
      message: 'lab.p: lab2.subject has no row with subject_id = 7, label = "it\'s"',
    });
    const defaulted = request({ rows: [[new Uint8Array(16), useDefault]] });
    expect(refusal(orphan, defaulted)).toMatchObject({
      message: "lab.p: lab2.subject has no row with subject_id = 16 bytes, label = its default",
    });
  });

  it("leaves errors about many rows and all others to the general translation", () => {
    const rows = [
      [7, "a"],
      [8, "b"],
    ];
    expect(refusal(taken("PRIMARY"), request({ rows }))).toBeUndefined();
    expect(refusal(serverError(1406, "Data too long for column 'name' at row 1"), request())).toBeUndefined();
    expect(refusal("nothing", request())).toBeUndefined();
  });

  it("keeps the statement, with its values, out of the cause", () => {
    const error = refusal(taken("PRIMARY"), request());
    expect(error).toBeInstanceOf(QueryError);
    expect(JSON.stringify((error as QueryError).cause)).not.toContain("secret");
  });
});
