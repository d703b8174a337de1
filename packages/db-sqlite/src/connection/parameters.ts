import { QueryError } from "@mortise/core";

/** What node:sqlite binds. */
export type BoundValue = null | number | bigint | string | Uint8Array;

function refuseParameter(index: number, what: string, hint?: string): never {
  throw new QueryError("invalid-query", `bound value ${index + 1} is ${what}, which SQLite can't bind`, { hint });
}

/**
 * One value of a statement as the driver takes it. Everything else is refused here: node:sqlite would read a lone
 * object as a set of named parameters and bind NULL, and SQLite would store NaN as NULL.
 */
function bindValue(value: unknown, index: number): BoundValue {
  switch (typeof value) {
    case "string":
    case "bigint":
      return value;
    case "number":
      if (Number.isNaN(value)) return refuseParameter(index, "NaN", "use null");
      // The driver binds numbers as REAL, so that 7 / 2 in SQL would be 3.5 and not 3.
      return Number.isSafeInteger(value) ? BigInt(value) : value;
    case "boolean":
      return value ? 1n : 0n;
    case "undefined":
      return refuseParameter(index, "undefined", "use null");
    case "object":
      if (value === null || value instanceof Uint8Array) return value;
      if (value instanceof Date) {
        return refuseParameter(index, "a Date", "bind the column's text: 2024-02-29T12:00:00");
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

/** All values of a statement, in order. Throws `QueryError` `invalid-query`. */
export function bindValues(values: readonly unknown[]): BoundValue[] {
  return values.map(bindValue);
}
