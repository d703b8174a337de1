import { invalidQuery, show } from "./errors.ts";
import { type FragmentText, isFragment } from "./fragment.ts";
import type { ProjectionNode, QueryNode } from "./node.ts";

/** The same rule as in definitions: results can be named like attributes, and nothing else. */
const attributeName = /^[a-z][a-z0-9_]*$/;

/** Reads what was given to `proj`. Throws `invalid-query` for clashes and what is no column (relational specification §7.5). */
export function parseProjection(source: QueryNode, columns: readonly unknown[]): ProjectionNode {
  const kept: string[] = [];
  const mapped = new Map<string, string | FragmentText>();
  for (const column of columns) {
    if (typeof column === "string") kept.push(column);
    else if (typeof column === "object" && column !== null && !isFragment(column) && !Array.isArray(column))
      for (const [name, origin] of Object.entries(column)) addMapping(mapped, name, origin);
    else
      throw invalidQuery(
        `proj can't take ${show(column)}`,
        'give names to keep ("a"), new names ({ b: "a" }) or computed columns ({ n: sql`…` })',
      );
  }
  for (const name of kept)
    if (mapped.has(name))
      throw invalidQuery(`proj gives two columns the name ${show(name)}`, "keep it or rename to it, not both");
  return { kind: "projection", source, kept: [...new Set(kept)], mapped };
}

/** `name` is the new column; `origin` an attribute of the source, or SQL. */
function addMapping(mapped: Map<string, string | FragmentText>, name: string, origin: unknown): void {
  if (!attributeName.test(name))
    throw invalidQuery(`proj can't name a column ${show(name)}`, "lower-case letters, digits and _; a letter first");
  if (typeof origin !== "string" && !isFragment(origin))
    throw invalidQuery(
      `proj can't make ${show(name)} from ${show(origin)}`,
      "give the name of an attribute, or sql`…`",
    );
  if (mapped.has(name)) throw invalidQuery(`proj gives two columns the name ${show(name)}`);
  mapped.set(name, origin);
}
