import { acceptValue, type ColumnType, type Dialect, type Statement } from "@mortise/sql";
import { sql } from "kysely";
import type { Attribute } from "../heading/heading.ts";
import type { Environment } from "./environment.ts";

/** A value that stands for itself in a condition, not for a list or a comparison. */
export function isScalar(value: unknown): boolean {
  return value === null || typeof value !== "object" || value instanceof Date || value instanceof Uint8Array;
}

/** A bound value in the column's own form, so that it equals what an insert of the same value has stored. */
export function toBound(attribute: Attribute, value: unknown, env: Environment): Statement {
  const { dialect } = env;
  // A number in text compares with any number column: decimals are fetched as text.
  const number = attribute.type.kind === "core" && attribute.type.name.startsWith("float") && typeof value === "string";
  const given = number && value.trim() !== "" && Number.isFinite(Number(value)) ? Number(value) : value;
  if (attribute.declared === "expression") return bindRaw(given, env);
  const accepted = acceptValue(attribute.type, given, dialect.traits, { attribute: attribute.name });
  env.countParameter();
  return bindAs(attribute.type, dialect.toDatabase(attribute.type, accepted), dialect);
}

/** A value in the database's own form, bound where it is compared with a column of this type. */
export function bindAs(type: ColumnType | undefined, value: unknown, dialect: Dialect): Statement {
  return dialect.bound?.(type, value) ?? sql`${value}`;
}

/** A bound value as it is. Booleans go through the dialect: SQLite binds none. */
export function bindRaw(value: unknown, env: Environment): Statement {
  // Not everything that takes the word takes a parameter: `IS NULL` does not.
  if (value === null) return sql`NULL`;
  env.countParameter();
  const { dialect } = env;
  const isBoolean = typeof value === "boolean";
  return bindAs(
    undefined,
    isBoolean ? dialect.toDatabase({ kind: "core", name: "bool", text: "bool" }, value) : value,
    dialect,
  );
}
