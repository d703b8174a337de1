import { isMortiseError, nearest, QueryError, ValueError, type ValueSite } from "@mortise/core";
import { atRow } from "@mortise/sql";
import type { WriteTarget } from "./target.ts";

/** Where a refused value stands, for the error's `site` and its message. */
export function siteOf(target: WriteTarget, row: number, attribute?: string): ValueSite {
  const { schema, className } = target.binding;
  return { schema, table: className, attribute, row };
}

/** `experiment.Session, row 3`. */
export function placeOf(target: WriteTarget, row: number): string {
  return `${target.binding.schema}.${target.binding.className}, row ${row}`;
}

/** Runs the work on one value. What it throws, now or later, is told with the table, attribute and row. */
export function locating<T>(site: ValueSite, work: () => T | Promise<T>): T | Promise<T> {
  const fail = (error: unknown): never => {
    throw atRow(error, site);
  };
  try {
    const result = work();
    return result instanceof Promise ? result.catch(fail) : result;
  } catch (error) {
    return fail(error);
  }
}

const refusals: ReadonlySet<string> = new Set(["duplicate", "integrity", "missing-attribute", "out-of-range"]);

/** Whether the database refused a row, as opposed to any other failure of a statement. */
export function isRefusal(error: unknown): error is QueryError {
  return isMortiseError(error) && error.name === "QueryError" && refusals.has(error.code);
}

/** What the database refused, told with the table as its users know it: `place` is what was tried there. */
export function refusedAt(error: unknown, { binding }: WriteTarget, place: string): unknown {
  if (!isRefusal(error)) return error;
  const { code, message, hint } = error;
  return new QueryError(code, `${binding.schema}.${binding.className}, ${place}: ${message}`, { hint, cause: error });
}

/** The database has taken rows without an error, and has not stored them. */
export function notStored({ binding }: WriteTarget, rows: number): QueryError {
  return new QueryError("database", `${binding.schema}.${binding.className}: the database did not store ${rows} rows`, {
    hint: "a trigger or rule of the table drops rows or stores them elsewhere; nothing of this insert is kept",
  });
}

/** A value where a row was expected, which plain JavaScript may pass. */
export function notARow(target: WriteTarget, row: number, found: string): ValueError {
  return new ValueError("invalid-row", `${placeOf(target, row)}: expected an object, got ${found}`, {
    site: siteOf(target, row),
    hint: `a row is an object with the attributes ${namesOf(target)}`,
  });
}

/** A misspelt attribute must not vanish: the row would be stored without its value. */
export function unknownAttribute(target: WriteTarget, row: number, name: string): ValueError {
  const guess = nearest(
    name,
    target.columns.map((column) => column.attribute.name),
  );
  return new ValueError("unknown-attribute", `${placeOf(target, row)}: there is no attribute "${name}"`, {
    site: siteOf(target, row, name),
    hint:
      guess === undefined
        ? `the attributes are ${namesOf(target)}; { ignoreExtraFields: true } drops others`
        : `did you mean "${guess}"?`,
  });
}

/** Found before the database would, which may name neither the row nor the attribute as it was declared. */
export function missingAttribute(target: WriteTarget, row: number, name: string): ValueError {
  return new ValueError("missing-attribute", `${placeOf(target, row)}: "${name}" is missing and has no default`, {
    site: siteOf(target, row, name),
    hint: `give a value for ${target.byName.get(name)?.attribute.declared ?? name}`,
  });
}

/** `undefined` in an update could mean either, to keep the value or to clear it. */
export function undefinedValue(target: WriteTarget, name: string): ValueError {
  return new ValueError("wrong-type", `${placeOf(target, 0)}: "${name}" is undefined`, {
    site: siteOf(target, 0, name),
    hint: "leave the attribute out to keep it, or give null for its default",
  });
}

/** Two rows of one key, or a key that the table has: nothing has been written yet. */
export function duplicateKey(target: WriteTarget, row: number, key: string, other: string): QueryError {
  return new QueryError("duplicate", `${placeOf(target, row)}: the key ${key} ${other}`, {
    hint: "leave the row out, or insert with { skipDuplicates: true }",
  });
}

function namesOf(target: WriteTarget): string {
  return target.columns.map((column) => column.attribute.name).join(", ");
}
