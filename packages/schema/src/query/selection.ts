import type { TableBinding } from "../context.ts";
import { deleteRows } from "../deletes/delete-rows.ts";
import { readHeading } from "../fetch/heading.ts";
import { countRows, fetchFirst, fetchOne, fetchRows, getRow, readKeys, rowsExist } from "../fetch/read.ts";
import { streamRows } from "../fetch/stream.ts";
import type { AnyHeading, JoinOptions, Selection } from "../types/index.ts";
import { invalidQuery, show } from "./errors.ts";
import { type HasQueryNode, isQuery, queryNode } from "./handle.ts";
import type { QueryNode } from "./node.ts";
import { checkCount, parseOrder } from "./parse-order.ts";
import { parseProjection } from "./parse-projection.ts";
import { parseMatch, parseRestriction } from "./parse-restriction.ts";

/** A query at run time: the typed interface over unknown columns, and its tree. */
export type RuntimeQuery = Selection<AnyHeading> & HasQueryNode;

/**
 * A query object over a tree, or over all rows of a table. Its own enumerable methods can be spread into a table object.
 * Whoever knows the columns casts it to `Query<H>` or `Selection<H>`.
 */
export function createQuery(source: TableBinding | QueryNode): RuntimeQuery {
  const node: QueryNode = "kind" in source ? source : { kind: "table", binding: source };
  const query: Methods = {
    [queryNode]: node,
    where: (...conditions) =>
      conditions.length === 0
        ? createQuery(node)
        : createQuery({ kind: "where", source: node, conditions: conditions.map(parseRestriction) }),
    matching: (record) => createQuery({ kind: "where", source: node, conditions: [parseMatch(record, true)] }),
    proj: (...columns) => createQuery(parseProjection(node, columns)),
    join: (other, options?: JoinOptions) => createQuery(joinNode(node, other, options)) as never,
    orderBy: (...order) => createQuery({ kind: "order", source: node, terms: parseOrder(order) }),
    limit: (count, offset) => createQuery(limitNode(node, count, offset)),
    as: () => createQuery(node) as never,
    fetch: (options) => fetchRows(node, options),
    fetchOne: (options) => fetchOne(node, options),
    fetchFirst: (options) => fetchFirst(node, options),
    get: (key, options) => getRow(node, key, options),
    keys: (options) => readKeys(node, options),
    count: (options) => countRows(node, options),
    exists: (options) => rowsExist(node, options),
    stream: (options) => streamRows(node, options),
    heading: () => readHeading(node),
    delete: (options) => deleteRows(node, options),
    [Symbol.asyncIterator]: () => streamRows(node)[Symbol.asyncIterator](),
  };
  return query as RuntimeQuery;
}

/** What a query object really has: the columns that `Relation` carries exist for the type system only. */
type Methods = {
  readonly [K in keyof RuntimeQuery as K extends string | typeof queryNode | typeof Symbol.asyncIterator
    ? K
    : never]: RuntimeQuery[K];
};

/** Whether the join makes sense is decided when the headings are known. */
function joinNode(left: QueryNode, other: unknown, options: JoinOptions = {}): QueryNode {
  if (!isQuery(other)) throw invalidQuery(`join takes a table or query, got ${show(other)}`);
  return {
    kind: "join",
    left,
    right: other[queryNode],
    mode: options.left === true ? "left" : "inner",
    semanticCheck: options.semanticCheck ?? true,
  };
}

/** Checked at once: a fraction or a negative number is a slip in the code that calls. */
function limitNode(source: QueryNode, count: number | undefined, offset = 0): QueryNode {
  return {
    kind: "limit",
    source,
    count: count === undefined ? undefined : checkCount("limit", count),
    offset: checkCount("offset", offset),
  };
}
