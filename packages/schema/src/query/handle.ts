import type { QueryNode } from "./node.ts";

/** Where a query or table object keeps its tree. Registered, so that two copies of this package understand each other. */
export const queryNode: unique symbol = Symbol.for("mortise.query.v1");

/** Anything that is a query at run time. */
export interface HasQueryNode {
  readonly [queryNode]: QueryNode;
}

/** Whether a value is a table or query; tells them from values by attribute, which are objects as well. */
export function isQuery(value: unknown): value is HasQueryNode {
  return (
    (typeof value === "object" || typeof value === "function") &&
    value !== null &&
    (value as Partial<HasQueryNode>)[queryNode] !== undefined
  );
}
