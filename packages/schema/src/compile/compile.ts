import type { QueryNode } from "../query/node.ts";
import type { Block } from "./block.ts";
import type { Compile } from "./compile-node.ts";
import { compileDistinct } from "./distinct.ts";
import { compileJoin } from "./join.ts";
import { compileLimit, compileOrder } from "./limit.ts";
import { compileProjection } from "./projection.ts";
import { compileTable } from "./table.ts";
import { compileWhere } from "./where.ts";

/** Turns a query's tree into one block; names are checked here, because only now the headings are known. */
export const compileNode: Compile = (node: QueryNode, env): Block => {
  switch (node.kind) {
    case "table":
      return compileTable(node, env);
    case "where":
      return compileWhere(node, env, compileNode);
    case "projection":
      return compileProjection(node, env, compileNode);
    case "join":
      return compileJoin(node, env, compileNode);
    case "distinct":
      return compileDistinct(node, env, compileNode);
    case "order":
      return compileOrder(node, env, compileNode);
    default:
      return compileLimit(node, env, compileNode);
  }
};
