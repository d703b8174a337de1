import type { TableBinding } from "../context.ts";
import type { FragmentText } from "./fragment.ts";

/**
 * A query as a tree: what was asked for, before any heading is known. Nodes are immutable and shared freely; `compile`
 * turns them into SQL once the headings of their tables are there.
 */
export type QueryNode = TableNode | WhereNode | ProjectionNode | JoinNode | DistinctNode | OrderNode | LimitNode;

/** All rows of a table; where every tree ends. */
export interface TableNode {
  readonly kind: "table";
  readonly binding: TableBinding;
}

/** All conditions must hold. */
export interface WhereNode {
  readonly kind: "where";
  readonly source: QueryNode;
  readonly conditions: readonly Condition[];
}

/** Which columns go on, and under what names. The key always does. */
export interface ProjectionNode {
  readonly kind: "projection";
  readonly source: QueryNode;
  /** Names to keep besides the key. */
  readonly kept: readonly string[];
  /** New name → name in the source, or what computes it. */
  readonly mapped: ReadonlyMap<string, string | FragmentText>;
}

/** Pairs of rows that agree in the columns that both sides have. */
export interface JoinNode {
  readonly kind: "join";
  readonly left: QueryNode;
  readonly right: QueryNode;
  /** `left`: rows of the left side without a partner stay; the left side must determine the right one. */
  readonly mode: "inner" | "left";
  /** Columns of one name must have one origin. */
  readonly semanticCheck: boolean;
}

/** Each combination of the named columns once. */
export interface DistinctNode {
  readonly kind: "distinct";
  readonly source: QueryNode;
  readonly names: readonly string[];
}

/** The order in which rows are delivered, and in which a limit counts them. */
export interface OrderNode {
  readonly kind: "order";
  readonly source: QueryNode;
  readonly terms: readonly OrderTerm[];
}

/** A part of the rows by position. */
export interface LimitNode {
  readonly kind: "limit";
  readonly source: QueryNode;
  /** undefined: only skips. */
  readonly count: number | undefined;
  readonly offset: number;
}

/** One column of an order. Expressions are not possible: a computed column can be sorted by instead. */
export interface OrderTerm {
  /** `KEY` stands for the whole key, in its order. */
  readonly name: string;
  readonly descending: boolean;
}

/**
 * What decides whether a row stays. Holds whatever the user gave, as it was given: names, types and origins are checked
 * when the heading is known.
 */
export type Condition =
  | { readonly kind: "constant"; readonly value: boolean }
  | MatchCondition
  | { readonly kind: "all" | "any"; readonly members: readonly Condition[] }
  | { readonly kind: "not"; readonly member: Condition }
  | { readonly kind: "query"; readonly node: QueryNode; readonly semanticCheck: boolean }
  | { readonly kind: "fragment"; readonly fragment: FragmentText };

/** Values by name; all must match. */
export interface MatchCondition {
  readonly kind: "match";
  readonly entries: readonly (readonly [name: string, value: unknown])[];
  /** Python's rule: names that are no attributes are ignored. */
  readonly forgiving: boolean;
}
