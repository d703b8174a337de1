import type { TableBinding } from "../context.ts";
import type { FragmentText } from "./fragment.ts";

/**
 * A query as a tree: what was asked for, before any heading is known. Nodes are immutable and shared freely; `compile`
 * turns them into SQL once the headings of their tables are there.
 */
export type QueryNode = TableNode | WhereNode | ProjectionNode | JoinNode | DistinctNode | OrderNode | LimitNode;

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

export interface ProjectionNode {
  readonly kind: "projection";
  readonly source: QueryNode;
  /** Names to keep besides the key. */
  readonly kept: readonly string[];
  /** New name → name in the source, or what computes it. */
  readonly mapped: ReadonlyMap<string, string | FragmentText>;
}

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

export interface OrderNode {
  readonly kind: "order";
  readonly source: QueryNode;
  readonly terms: readonly OrderTerm[];
}

export interface LimitNode {
  readonly kind: "limit";
  readonly source: QueryNode;
  /** undefined: only skips. */
  readonly count: number | undefined;
  readonly offset: number;
}

export interface OrderTerm {
  /** `KEY` stands for the whole key, in its order. */
  readonly name: string;
  readonly descending: boolean;
}

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
