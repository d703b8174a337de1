import { invalidQuery } from "../query/errors.ts";
import type { LimitNode, OrderNode } from "../query/node.ts";
import { type Block, type BlockOrder, columnNames, findColumn, isCoded } from "./block.ts";
import type { Compile } from "./compile-node.ts";
import { derive } from "./derive.ts";
import type { Environment } from "./environment.ts";
import { unknownIn } from "./names.ts";

/** Sorting what a limit has left needs a sub-select; a later order replaces an earlier one. */
export function compileOrder(node: OrderNode, env: Environment, compile: Compile): Block {
  const source = compile(node.source, env);
  const block = source.limit === undefined ? source : derive(source, env);
  const order = node.terms.flatMap(({ name, descending }) =>
    name === "KEY" ? keyOrder(block, descending) : [orderBy(block, name, descending)],
  );
  return { ...block, order };
}

/** Without an order, a limit counts by key: the same rows every time (relational specification §7.9). */
export function compileLimit(node: LimitNode, env: Environment, compile: Compile): Block {
  const block = compile(node.source, env);
  const inner = block.limit ?? { count: undefined, offset: 0 };
  // A limit of a limited query counts within what that has left.
  const left = inner.count === undefined ? undefined : Math.max(0, inner.count - node.offset);
  const count = node.count === undefined ? left : Math.min(node.count, left ?? node.count);
  return {
    ...block,
    order: block.order.length === 0 ? keyOrder(block, false) : block.order,
    limit: { count, offset: inner.offset + node.offset },
  };
}

/** Empty for a table whose key is hidden: it has one row at most. */
function keyOrder(block: Block, descending: boolean): readonly BlockOrder[] {
  return block.primaryKey.map((name) => orderBy(block, name, descending));
}

/** Stored forms of codecs have an order that says nothing about their values. */
function orderBy(block: Block, name: string, descending: boolean): BlockOrder {
  const column = findColumn(block, name);
  if (column === undefined) throw unknownIn("orderBy", name, columnNames(block));
  const { attribute } = column;
  if (isCoded(attribute))
    throw invalidQuery(`orderBy can't sort by ${name}: ${attribute.declared} is stored by a codec`);
  return { column, descending };
}
