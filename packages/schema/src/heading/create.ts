import type { Attribute, Heading } from "./heading.ts";

/**
 * A heading of these attributes. The key's order is its own: tables that other programs made may list its columns
 * elsewhere, and paths of objects follow the key.
 */
export function createHeading(
  attributes: readonly Attribute[],
  primaryKey: readonly string[],
  hasLineage: boolean,
): Heading {
  return {
    attributes,
    byName: new Map(attributes.map((attribute) => [attribute.name, attribute])),
    primaryKey,
    hasLineage,
  };
}
