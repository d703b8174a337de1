import type { Statement } from "@mortise/sql";
import { sql } from "kysely";
import { invalidRestriction, show } from "../query/errors.ts";
import { isFragment } from "../query/fragment.ts";
import { isQuery } from "../query/handle.ts";
import { checkContent } from "../query/parse-restriction.ts";
import type { QueryColumn } from "./block.ts";
import { combineAll } from "./combine.ts";
import type { Environment } from "./environment.ts";
import { bindRaw, isScalar, toBound } from "./values.ts";

const orderings = { lt: "<", lte: "<=", gt: ">", gte: ">=" } as const;
/** Equal or not, but no value comes before another. */
const unorderedTypes: ReadonlySet<string> = new Set(["bool", "uuid", "bytes"]);
/** In the order in which messages name them. */
const operators = ["eq", "ne", "lt", "lte", "gt", "gte", "like", "in"];

/** `{ gte: 1, lt: 5 }`: several comparisons with one column, which must all hold. */
export function compileComparison(
  column: QueryColumn,
  name: string,
  content: object,
  env: Environment,
): Statement | boolean {
  const entries = isFragment(content) || isQuery(content) ? [] : Object.entries(content);
  const unknown = entries.find(([operator]) => !operators.includes(operator));
  if (entries.length === 0 || unknown !== undefined)
    throw invalidRestriction(
      `the restriction of ${show(name)} is ${unknown === undefined ? "an object without comparisons" : `an object with the unknown comparison ${show(unknown[0])}`}`,
      `comparisons: ${operators.join(", ")}; for SQL, give sql\`…\` as a condition of its own`,
    );
  const parts: Statement[] = [];
  let possible = true;
  for (const [operator, value] of entries) {
    checkContent(`${name}.${operator}`, value);
    const part = compare(column, name, operator, value, env);
    if (typeof part !== "boolean") parts.push(part);
    else if (!part) possible = false;
  }
  return possible ? combineAll(parts, " AND ") : false;
}

/** One comparison; `false` where it can hold for no row. */
function compare(
  column: QueryColumn,
  name: string,
  operator: string,
  value: unknown,
  env: Environment,
): Statement | boolean {
  const { attribute } = column;
  if (operator === "in") return anyOf(column, name, value, env);
  if (!isScalar(value))
    throw invalidRestriction(`${show(name)}.${operator} takes one value, got ${show(value)}`, "for a list, use in");
  if (operator === "eq" || operator === "ne") {
    if (value === null) return nullTest(column, operator === "eq");
    return sql`${sideOf(column, value)} ${sql.raw(operator === "eq" ? "=" : "<>")} ${toBound(attribute, value, env)}`;
  }
  if (value === null)
    throw invalidRestriction(
      `${show(name)}.${operator} can't compare with null`,
      "null equals or differs: use eq or ne",
    );
  if (operator === "like") return like(column, name, value, env);
  return inOrder(column, name, orderings[operator as keyof typeof orderings], value, env);
}

/** Smaller or greater, in the order of the values and not of their stored forms. */
function inOrder(
  column: QueryColumn,
  name: string,
  operator: "<" | "<=" | ">" | ">=",
  value: unknown,
  env: Environment,
): Statement {
  const { attribute } = column;
  if (unorderedTypes.has(attribute.type.name))
    throw invalidRestriction(`${show(name)} has no order: it is ${attribute.declared}`, "compare with eq, ne or in");
  // Decimals on SQLite, for example, are text.
  const comparable = (fragment: Statement): Statement => env.dialect.comparable(attribute.type, fragment);
  const side = comparable(sideOf(column, value));
  return sql`${side} ${sql.raw(operator)} ${comparable(toBound(attribute, value, env))}`;
}

/** Patterns are the database's: on SQLite and MySQL they ignore the case of letters, on PostgreSQL they do not. */
function like(column: QueryColumn, name: string, value: unknown, env: Environment): Statement {
  const { attribute } = column;
  if (typeof value !== "string")
    throw invalidRestriction(
      `${show(name)}.like takes a pattern in text, got ${show(value)}`,
      "% is any text, _ one character",
    );
  if (attribute.type.kind === "core" && !["char", "varchar", "enum"].includes(attribute.type.name))
    throw invalidRestriction(`${show(name)} can't be matched by like: it is ${attribute.declared}, not text`);
  // As it is: a pattern may be longer than the column, and is none of an enum's values.
  return sql`${env.dialect.comparable(attribute.type, sideOf(column, value))} LIKE ${bindRaw(value, env)}`;
}

/** The long form of a list, for use beside other comparisons. */
function anyOf(column: QueryColumn, name: string, value: unknown, env: Environment): Statement | boolean {
  if (!Array.isArray(value)) throw invalidRestriction(`${show(name)}.in takes a list, got ${show(value)}`);
  return oneOf(column, value, env);
}

/** A list means *one of*; null in it means *or null*; an empty one matches nothing. */
export function oneOf(column: QueryColumn, list: readonly unknown[], env: Environment): Statement | boolean {
  for (const item of list)
    if (!isScalar(item))
      throw invalidRestriction(
        `the list for ${show(column.attribute.name)} holds ${show(item)}; it can hold values only`,
        "for alternatives of several attributes, give a list of objects",
      );
  // IN never finds null: it is asked for separately.
  const values = list.filter((item) => item !== null);
  const kinds = Map.groupBy(values, (value) => column.readAs && typeof value).values();
  const parts = [...kinds].map((some) => {
    const bound = some.map((value) => toBound(column.attribute, value, env));
    return sql`${sideOf(column, some[0])} IN (${sql.join(bound)})`;
  });
  if (values.length < list.length) parts.push(nullTest(column, true));
  return parts.length === 0 ? false : combineAll(parts, " OR ");
}

/** The column as it compares with a value. */
export function sideOf({ readAs, expression }: QueryColumn, value: unknown): Statement {
  return readAs?.(value) ?? expression;
}

/** The only question that columns of every type answer, those of codecs included. */
export function nullTest(column: QueryColumn, isNull: boolean): Statement {
  return sql`${column.expression} ${sql.raw(isNull ? "IS NULL" : "IS NOT NULL")}`;
}
