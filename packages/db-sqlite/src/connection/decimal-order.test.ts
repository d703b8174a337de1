import { parseColumnType } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openTemporary } from "../testing/database.ts";
import { decimalOrder } from "./decimal-order.ts";

const scale = 4;

function text(units: bigint): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  return `${units < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

describe("decimalOrder", () => {
  it("sorts as the numbers do, whatever their size and sign", () => {
    const units = fc.oneof(
      fc.bigInt({ min: -20_000n, max: 20_000n }),
      fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }),
    );
    fc.assert(
      fc.property(units, units, (a, b) => {
        const [x, y] = [decimalOrder(text(a)) ?? "", decimalOrder(text(b)) ?? ""];
        expect(x < y).toBe(a < b);
        expect(x === y).toBe(a === b);
      }),
      { numRuns: 1000 },
    );
  });

  it("knows that digits of zero make no difference", () => {
    expect(decimalOrder("5")).toBe(decimalOrder("05.000"));
    expect(decimalOrder("-0.00")).toBe(decimalOrder("0"));
    expect(decimalOrder(null)).toBeNull();
    expect(decimalOrder("x")).toBeNull();
  });

  it("makes comparisons and orders of decimals exact inside SQLite", async () => {
    const { database } = await openTemporary();
    const { type } = parseColumnType("decimal(20,2)");
    if (type === undefined) throw new Error("decimal");
    const key = database.dialect.comparable(type, sql`value`);
    const values = JSON.stringify(["9.00", "-10.00", "10.00", "12345678901234567.89", "12345678901234567.88", "-9.00"]);
    const { rows } = await database.execute<{ value: string }>(sql`
      select value from json_each(${values}) where ${key} > ${database.dialect.comparable(type, sql`${"-9.5"}`)} order by ${key}`);
    expect(rows.map((row) => row.value)).toEqual([
      "-9.00",
      "9.00",
      "10.00",
      "12345678901234567.88",
      "12345678901234567.89",
    ]);
  });

  it("leaves other types to SQLite's own order", async () => {
    const { database } = await openTemporary();
    const { type } = parseColumnType("int32");
    if (type === undefined) throw new Error("int32");
    const fragment = sql`value`;
    expect(database.dialect.comparable(type, fragment)).toBe(fragment);
  });
});
