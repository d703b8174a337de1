import type { JsonScalar, Statement } from "@mortise/sql";
import { sql } from "kysely";
import { literal } from "./literal.ts";

/** The types that scalars are compared as; text needs no conversion. */
const types: Readonly<Record<Exclude<JsonScalar, "text">, string>> = { number: "numeric", boolean: "boolean" };

/** The scalar at a path, as text or, where it is one, as a number or boolean. JSON's null and a missing path are NULL. */
export function jsonPath(column: Statement, path: readonly (string | number)[], as?: JsonScalar): Statement {
  // Literals, so that an index on the same expression can be used.
  const steps = sql.raw(path.map((step) => `, ${literal(String(step))}`).join(""));
  const text = sql`jsonb_extract_path_text(CAST(${column} AS jsonb)${steps})`;
  if (as === undefined || as === "text") return text;
  const kind = sql`jsonb_typeof(jsonb_extract_path(CAST(${column} AS jsonb)${steps}))`;
  return sql`CASE WHEN ${kind} = ${sql.raw(literal(as))} THEN CAST(${text} AS ${sql.raw(types[as])}) END`;
}
