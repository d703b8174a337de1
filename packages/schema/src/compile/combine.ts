import type { Statement } from "@mortise/sql";
import { sql } from "kysely";

/**
 * Conditions joined by one operator, in parentheses where there are several. A balanced tree: databases limit how deep an
 * expression may nest, and a chain of a thousand is a thousand deep.
 */
export function combineAll(parts: readonly Statement[], operator: " AND " | " OR "): Statement {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const middle = parts.length >> 1;
  const left = combineAll(parts.slice(0, middle), operator);
  return sql`(${left}${sql.raw(operator)}${combineAll(parts.slice(middle), operator)})`;
}
