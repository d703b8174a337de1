import type { ColumnType } from "@mortise/sql";
import { sql } from "kysely";
import { invalidRestriction, show } from "../query/errors.ts";
import type { QueryColumn } from "./block.ts";
import type { Environment } from "./environment.ts";

/** Types that a path may be read as. */
const casts: Readonly<Record<string, { readonly sql: string }>> = {
  unsigned: { sql: "BIGINT" },
  signed: { sql: "BIGINT" },
  double: { sql: "DOUBLE PRECISION" },
  char: { sql: "CHAR" },
};

/** `.name` or `[3]`. Wildcards could yield several values, which no comparison takes. */
const step = /^(?:\.([A-Za-z_]\w*)|\[(\d+)\])/;

/** The value at a path of a JSON column, as a column that can be compared; its type is the value's own. */
export function jsonPathColumn(base: QueryColumn, name: string, start: number, env: Environment): QueryColumn {
  if (base.attribute.type.name !== "json" || base.attribute.codec !== undefined)
    throw invalidRestriction(
      `${show(name)} is a path, but ${base.attribute.name} is ${base.attribute.declared}`,
      "only json columns have paths",
    );
  const colon = name.lastIndexOf(":");
  const path = colon < 0 ? name.slice(start) : name.slice(start, colon);
  const cast = colon < 0 ? undefined : casts[name.slice(colon + 1).trim()];
  if (colon >= 0 && cast === undefined)
    throw invalidRestriction(
      `${show(name)} names an unknown type`,
      `types of a path: ${Object.keys(casts).join(", ")}`,
    );
  const value = env.dialect.jsonPath(base.expression, parsePath(path, name));
  // SQLite's JSON functions answer with the value's own type already, and know fewer names of types.
  const expression =
    cast === undefined || env.dialect.backend === "sqlite" ? value : sql`CAST(${value} AS ${sql.raw(cast.sql)})`;
  return {
    ...base,
    expression,
    attribute: { ...base.attribute, name, type: expressionType, declared: "expression" },
  };
}

/** Values inside JSON have no column type: they are bound as they are. */
const expressionType: ColumnType = { kind: "native", name: "expression", text: "expression" };

/** Steps as the dialect wants them; they are never put into SQL as the user wrote them. */
function parsePath(text: string, name: string): readonly (string | number)[] {
  const path: (string | number)[] = [];
  for (let rest = text; rest !== ""; ) {
    const match = step.exec(rest);
    if (match === null)
      throw invalidRestriction(`${show(name)} is no path: can't read ${show(rest)}`, "steps are .name and [number]");
    path.push(match[1] ?? Number(match[2]));
    rest = rest.slice(match[0].length);
  }
  return path;
}
