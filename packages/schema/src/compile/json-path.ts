import type { ColumnType, JsonScalar } from "@mortise/sql";
import { invalidRestriction, show } from "../query/errors.ts";
import type { QueryColumn } from "./block.ts";
import type { Environment } from "./environment.ts";

/** Types that a path may be read as, by the names that Python has for them. */
const casts: Readonly<Record<string, JsonScalar>> = {
  unsigned: "number",
  signed: "number",
  double: "number",
  char: "text",
};

/** `.name` or `[3]`. Wildcards could yield several values, which no comparison takes. */
const step = /^(?:\.([A-Za-z_]\w*)|\[(\d+)\])/;

/** The value at a path of a JSON column, as a column that can be compared; its type is that of the other side. */
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
  const steps = parsePath(path, name);
  return {
    ...base,
    expression: env.dialect.jsonPath(base.expression, steps),
    readAs: (value) => env.dialect.jsonPath(base.expression, steps, cast ?? kindOf(value)),
    attribute: { ...base.attribute, name, type: expressionType, declared: "expression" },
  };
}

/** A number compares with numbers alone: what else may stand there is neither equal to it nor different. */
function kindOf(value: unknown): JsonScalar {
  if (typeof value === "boolean") return "boolean";
  return typeof value === "number" || typeof value === "bigint" ? "number" : "text";
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
