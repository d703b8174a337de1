import { QueryError } from "@mortise/core";
import driver, { type TypedParameterValue } from "mysql2";

// mysql2 defines this one in a way that Node does not find by name.
const { TypedParameter } = driver;

/** What mysql2 binds on the server, without any conversion of its own. */
export type BoundValue = null | number | string | Buffer | TypedParameterValue;

function refuseParameter(index: number, found: string, hint?: string): never {
  throw new QueryError("invalid-query", `bound value ${index + 1} is ${found}, which MySQL can't bind`, { hint });
}

/** Beyond these the server has no integer type to bind. */
const smallest = -(2n ** 63n);
const largest = 2n ** 64n - 1n;

function bindInteger(value: bigint, index: number): BoundValue {
  if (value < smallest || value > largest) {
    return refuseParameter(index, `${value}n`, "integers have 64 bits; bind more digits as decimal text");
  }
  return value > 2n ** 63n - 1n ? TypedParameter.BIGINT.unsigned(value) : TypedParameter.BIGINT(value);
}

/**
 * One value as the binary protocol carries it. mysql2 would send every number as a double, which LIMIT refuses and
 * which compares large integers inexactly; bytes as text; and objects as JSON.
 */
function bindValue(value: unknown, index: number): BoundValue {
  switch (typeof value) {
    case "string":
      return value.isWellFormed() ? value : refuseParameter(index, "text with a lone surrogate");
    case "number":
      if (Number.isSafeInteger(value) && !Object.is(value, -0)) return TypedParameter.BIGINT(value);
      return Number.isFinite(value) ? value : refuseParameter(index, String(value), "use null");
    case "bigint":
      return bindInteger(value, index);
    case "boolean":
      return TypedParameter.BIGINT(value ? 1 : 0);
    case "undefined":
      return refuseParameter(index, "undefined", "use null");
    case "object":
      if (value === null) return null;
      if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      if (value instanceof Date) {
        return refuseParameter(index, "a Date", "bind the column's text: 2024-02-29 12:00:00");
      }
      return refuseParameter(
        index,
        Array.isArray(value) ? "an array" : "an object",
        "bind JSON text, or single values",
      );
    default:
      return refuseParameter(index, `a ${typeof value}`);
  }
}

/** Most values that one prepared statement takes. */
export const maxParameters = 65_535;

/** All values of a statement, in order. Throws `QueryError` `invalid-query`. */
export function bindValues(values: readonly unknown[]): BoundValue[] {
  if (values.length > maxParameters) {
    throw new QueryError("invalid-query", `a statement takes ${maxParameters} values, this one has ${values.length}`);
  }
  return values.map(bindValue);
}
