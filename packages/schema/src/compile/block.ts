import type { Statement } from "@mortise/sql";
import type { TableBinding } from "../context.ts";
import type { Attribute } from "../heading/heading.ts";

/** One column of a query with the SQL that yields it inside the block's FROM. */
export interface QueryColumn {
  /** Under the name it has here. */
  readonly attribute: Attribute;
  readonly expression: Statement;
  /** A path into JSON: what stands there, read as a value of the same kind as the one it is compared with. */
  readonly readAs?: ((value: unknown) => Statement) | undefined;
  /**
   * `stored`: the source has it under this name, so that user-written SQL can say it. `renamed`: under another.
   * `computed`: user-written SQL, which means something only beside this block's FROM.
   */
  readonly kind: "stored" | "renamed" | "computed";
  /** Where values come from, for codecs and messages; undefined for computed columns. */
  readonly origin: Origin | undefined;
}

/** A column of a table that a query column comes from, unchanged but for its name. */
interface Origin {
  readonly binding: TableBinding;
  /** The attribute's name in that table. */
  readonly attribute: string;
}

/** One term of ORDER BY. The column need not be among the selected ones. */
export interface BlockOrder {
  readonly column: QueryColumn;
  readonly descending: boolean;
}

/** LIMIT and OFFSET. A block that has one can take no further condition: it would apply too early. */
interface BlockLimit {
  readonly count: number | undefined;
  readonly offset: number;
}

/** One SELECT in the making. Operations that SQL can say in the same SELECT extend it, others wrap it in another. */
export interface Block {
  readonly columns: readonly QueryColumn[];
  /** Names of columns. */
  readonly primaryKey: readonly string[];
  readonly hasLineage: boolean;
  readonly from: Statement;
  readonly shape: "table" | "derived" | "join";
  /** The name that FROM gives its table or sub-select; undefined for joins. */
  readonly alias: string | undefined;
  readonly where: readonly Statement[];
  readonly order: readonly BlockOrder[];
  readonly limit: BlockLimit | undefined;
  /** User-written SQL stands in WHERE: adding a table to FROM could make its names ambiguous. */
  readonly hasText: boolean;
}

/** The column of this name; undefined where the query has none. */
export function findColumn(block: Block, name: string): QueryColumn | undefined {
  return block.columns.find((column) => column.attribute.name === name);
}

/** Whether values of a column are kept by a codec, known or not: they can be fetched, and compared with null. */
export function isCoded({ codec, unknownCodec }: Attribute): boolean {
  return codec !== undefined || unknownCodec !== undefined;
}

/** Whether a column's values can't be told apart by the database: those of codecs, and JSON documents. */
export function isOpaque(attribute: Attribute): boolean {
  return isCoded(attribute) || attribute.type.name === "json";
}

/** For messages that list what could have been meant. */
export function columnNames(block: Block): readonly string[] {
  return block.columns.map((column) => column.attribute.name);
}

/** Whether a column can only be said beside this very FROM, so that conditions on it need a sub-select. */
export function hasComputed(block: Block): boolean {
  return block.columns.some((column) => column.kind === "computed");
}

/** Whether user-written SQL can name every column: one source, nothing renamed or computed. */
export function acceptsText(block: Block): boolean {
  return block.shape !== "join" && block.columns.every((column) => column.kind === "stored");
}
