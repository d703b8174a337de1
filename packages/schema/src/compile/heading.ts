import type { Heading } from "../heading/heading.ts";
import type { Block } from "./block.ts";

/** The columns of a query as users and further queries see them. */
export function headingOf(block: Block): Heading {
  const attributes = block.columns.map((column) => column.attribute);
  return {
    attributes,
    byName: new Map(attributes.map((attribute) => [attribute.name, attribute])),
    primaryKey: block.primaryKey,
    hasLineage: block.hasLineage,
  };
}
