import { describe, expect, it } from "vitest";
import { type ColumnFacts, type ColumnRow, columnSpec } from "./columns.ts";

const plain: ColumnFacts = { isMariaDb: false, isReferring: false, isJson: false };

function read(row: Partial<ColumnRow>, facts: Partial<ColumnFacts> = {}) {
  const whole = {
    table: "t",
    name: "a",
    type: "int",
    nullable: "NO",
    default: null,
    extra: "",
    generation: "",
    comment: "",
    ...row,
  };
  return columnSpec(whole, { ...plain, ...facts });
}

describe("a column in the catalog", () => {
  it("R-136: takes marker and comment apart", () => {
    expect(read({ comment: ":int32:unique id" })).toMatchObject({ marker: "int32", comment: "unique id" });
    expect(read({ comment: "unique id" })).toMatchObject({ marker: undefined, comment: "unique id" });
    expect(read({ comment: String.raw`:int32:a \" b` }).comment).toBe(String.raw`a \" b`);
  });

  it("R-139: is nullable by its default, or by the option of its foreign key", () => {
    expect(read({ nullable: "YES" })).toMatchObject({ nullable: true, default: { kind: "null" } });
    expect(read({ nullable: "YES" }, { isReferring: true })).toMatchObject({ nullable: true, default: undefined });
    expect(read({ nullable: "YES", default: "NULL" }, { isMariaDb: true }).default).toEqual({ kind: "null" });
    expect(read({})).toMatchObject({ nullable: false, default: undefined });
  });

  it.each([
    ["STORED GENERATED", false],
    ["VIRTUAL GENERATED", true],
  ])("gives a column that is %s its expression as the default, so that nobody inserts into it", (extra, isMariaDb) => {
    const row = { extra, generation: "`n` + 1", nullable: "YES", default: isMariaDb ? "NULL" : null };
    expect(read(row, { isMariaDb }).default).toEqual({ kind: "sql", text: "`n` + 1" });
  });

  it("does not take ON UPDATE CURRENT_TIMESTAMP for anything but a default", () => {
    const row = {
      type: "timestamp",
      default: "CURRENT_TIMESTAMP",
      extra: "DEFAULT_GENERATED on update CURRENT_TIMESTAMP",
    };
    expect(read(row).default).toEqual({ kind: "sql", text: "CURRENT_TIMESTAMP" });
  });
});
