import { sql } from "kysely";
import { invalidQuery } from "../query/errors.ts";
import type { TableNode } from "../query/node.ts";
import type { Block } from "./block.ts";
import type { Environment } from "./environment.ts";

/** All rows of a table with its visible columns. */
export function compileTable({ binding }: TableNode, env: Environment): Block {
  const heading = env.headings.get(binding);
  if (heading === undefined) throw invalidQuery(`the heading of ${binding.className} was not read before compiling`);
  const alias = env.alias();
  return {
    columns: heading.attributes.map((attribute) => ({
      attribute,
      expression: sql.id(alias, attribute.name),
      kind: "stored",
      origin: { binding, attribute: attribute.name },
    })),
    primaryKey: heading.primaryKey,
    hasLineage: heading.hasLineage,
    from: sql`${env.dialect.table(binding.schema, binding.tableName)} AS ${sql.id(alias)}`,
    shape: "table",
    alias,
    where: [],
    order: [],
    limit: undefined,
    hasText: false,
  };
}
