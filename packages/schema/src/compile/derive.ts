import { sql } from "kysely";
import type { Block } from "./block.ts";
import type { Environment } from "./environment.ts";
import { selectStatement } from "./select.ts";

/** The block as a sub-select: every column is then one of a single source, and limits are final. */
export function derive(block: Block, env: Environment): Block {
  const alias = env.alias();
  const columns = block.columns.map((column) => ({
    ...column,
    kind: "stored" as const,
    expression: sql.id(alias, column.attribute.name),
  }));
  // The order of a sub-select binds nobody: it is said again outside, as far as its columns are still there.
  const order = block.order.flatMap(({ column, descending }) => {
    // By what it yields: a projection may have renamed it since.
    const index = block.columns.findIndex((candidate) => candidate.expression === column.expression);
    const outer = columns[index];
    return outer === undefined ? [] : [{ column: outer, descending }];
  });
  const inner = block.limit === undefined ? { ...block, order: [] } : block;
  return {
    ...block,
    columns,
    from: sql`(${selectStatement(inner, env)}) AS ${sql.id(alias)}`,
    shape: "derived",
    alias,
    where: [],
    order,
    limit: undefined,
    hasText: false,
  };
}
