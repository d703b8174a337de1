import { DefinitionError } from "@mortise/core";
import type { IndexSpec } from "@mortise/sql";
import { quoteName } from "./names.ts";
import { fitsCatalog, quoteText } from "./quote-text.ts";

/** Begins the names of declared indexes. No column is called so, and with it no index that the server adds and names. */
export const indexPrefix = "index-";

/** Characters that the comment of an index keeps. */
const maxIndexComment = 1024;

/** `scan.x[0].y:char(20)`: the definition language's path into a json column, with the type that the index is of. */
const path = /^(\w+)\.([\w.*[\]]+)(?::([\w(,\s)]+))?$/;

/** One index inside CREATE TABLE; its name keeps its place in the definition. */
export function indexClause(index: IndexSpec, position: number): string {
  const name = quoteName(`${indexPrefix}${position + 1}`);
  const items = index.items.map(indexItem).join(", ");
  return `${index.unique ? "UNIQUE " : ""}INDEX ${name} (${items})${writtenItems(index)}`;
}

/** Whether MariaDB would need what it does not have: an index on an expression. */
export function hasExpression({ items }: IndexSpec): boolean {
  return items.some((item) => "expression" in item && indexItem(item).startsWith("("));
}

function indexItem(item: IndexSpec["items"][number]): string {
  if ("column" in item) return quoteName(item.column);
  const match = path.exec(item.expression);
  if (match?.[1] === undefined || match[2] === undefined) return item.expression;
  const type = match[3] === undefined ? "" : ` returning ${match[3].trim()}`;
  return `(json_value(${quoteName(match[1])}, _utf8mb4'$.${match[2]}'${type}))`;
}

/** The catalog shows expressions as the server prints them, so the index's comment keeps them as they were written. */
function writtenItems({ items }: IndexSpec): string {
  if (items.every((item) => "column" in item)) return "";
  const text = JSON.stringify(items.map((item) => ("column" in item ? item.column : item.expression)));
  if (text.length <= maxIndexComment && fitsCatalog(text)) return ` COMMENT ${quoteText(text)}`;
  throw new DefinitionError("invalid-index", `an index has too long or uncommon expressions for MySQL: ${text}`, {
    hint: `MySQL keeps ${maxIndexComment} characters of them, none beyond U+FFFF`,
  });
}
