import { sql } from "kysely";
import { invalidQuery } from "../query/errors.ts";
import type { DistinctNode } from "../query/node.ts";
import { type Block, columnNames, findColumn, isOpaque, type QueryColumn } from "./block.ts";
import type { Compile } from "./compile-node.ts";
import { derive } from "./derive.ts";
import type { Environment } from "./environment.ts";
import { unknownIn } from "./names.ts";
import { fromAndWhere } from "./select.ts";

/** Every combination of the columns' values once. They are the key; null is a value like any other here. */
export function compileDistinct(node: DistinctNode, env: Environment, compile: Compile): Block {
  const source = compile(node.source, env);
  const block = source.limit === undefined ? source : derive(source, env);
  const chosen = node.names.map((name) => keyColumn(block, name));
  const alias = env.alias();
  const columns = chosen.map((column) => sql`${column.expression} AS ${sql.id(column.attribute.name)}`);
  return {
    columns: chosen.map((column) => ({
      ...column,
      kind: "stored",
      expression: sql.id(alias, column.attribute.name),
    })),
    primaryKey: node.names,
    hasLineage: block.hasLineage,
    from: sql`(SELECT DISTINCT ${sql.join(columns)}${fromAndWhere(block)}) AS ${sql.id(alias)}`,
    shape: "derived",
    alias,
    where: [],
    order: [],
    limit: undefined,
    hasText: false,
  };
}

/** A combination of values is told apart by comparing them, which the stored forms of codecs and JSON do not allow. */
function keyColumn(block: Block, name: string): QueryColumn {
  const column = findColumn(block, name);
  if (column === undefined) throw unknownIn("universal", name, columnNames(block));
  const { attribute } = column;
  if (isOpaque(attribute))
    throw invalidQuery(`universal can't tell values of ${name} apart: it is ${attribute.declared}`);
  return { ...column, attribute: { ...attribute, inKey: true } };
}
