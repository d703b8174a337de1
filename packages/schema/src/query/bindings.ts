import type { TableBinding } from "../context.ts";
import type { Condition, QueryNode } from "./node.ts";

/** Every table a query reads, those in conditions included. */
export function bindingsOf(node: QueryNode, into: Set<TableBinding> = new Set()): ReadonlySet<TableBinding> {
  switch (node.kind) {
    case "table":
      into.add(node.binding);
      break;
    case "join":
      bindingsOf(node.left, into);
      bindingsOf(node.right, into);
      break;
    case "where":
      for (const condition of node.conditions) inCondition(condition, into);
      bindingsOf(node.source, into);
      break;
    default:
      bindingsOf(node.source, into);
  }
  return into;
}

/** Conditions read tables too: their headings are needed as well. */
function inCondition(condition: Condition, into: Set<TableBinding>): void {
  if (condition.kind === "query") bindingsOf(condition.node, into);
  else if (condition.kind === "not") inCondition(condition.member, into);
  else if (condition.kind === "all" || condition.kind === "any")
    for (const member of condition.members) inCondition(member, into);
}

/** The same query over other bindings: how `transaction.use` moves one into a transaction. */
export function mapBindings(node: QueryNode, map: (binding: TableBinding) => TableBinding): QueryNode {
  switch (node.kind) {
    case "table":
      return { ...node, binding: map(node.binding) };
    case "join":
      return { ...node, left: mapBindings(node.left, map), right: mapBindings(node.right, map) };
    case "where":
      return {
        ...node,
        source: mapBindings(node.source, map),
        conditions: node.conditions.map((condition) => mapCondition(condition, map)),
      };
    default:
      return { ...node, source: mapBindings(node.source, map) };
  }
}

/** A query in a condition must move along, or it would read outside the transaction. */
function mapCondition(condition: Condition, map: (binding: TableBinding) => TableBinding): Condition {
  switch (condition.kind) {
    case "query":
      return { ...condition, node: mapBindings(condition.node, map) };
    case "not":
      return { ...condition, member: mapCondition(condition.member, map) };
    case "all":
    case "any":
      return { ...condition, members: condition.members.map((member) => mapCondition(member, map)) };
    default:
      return condition;
  }
}

/** The table whose project runs the query: the leftmost one. */
export function leadingBinding(node: QueryNode): TableBinding {
  let current = node;
  for (;;) {
    if (current.kind === "table") return current.binding;
    current = current.kind === "join" ? current.left : current.source;
  }
}
