import type { ColumnDefault } from "@mortise/sql";
import type { DefinitionItem, ForeignKeyLine, TableDefinition } from "./ast.ts";

/**
 * The definition language for a definition: parsing it again gives the same items. Comments between the lines are lost,
 * and every default is quoted, which means the same.
 */
export function printDefinition(definition: Pick<TableDefinition, "comment" | "items">): string {
  const lines: string[] = definition.comment === "" ? [] : [`# ${definition.comment}`];
  let inKey = true;
  for (const item of definition.items) {
    if (inKey && item.kind !== "index" && !item.inKey) {
      lines.push("---");
      inKey = false;
    }
    lines.push(printItem(item));
  }
  return lines.join("\n");
}

function printItem(item: DefinitionItem): string {
  if (item.kind === "foreign-key") return printForeignKey(item);
  if (item.kind === "index") return `${item.unique ? "unique " : ""}index (${item.items.join(", ")})`;
  const value = item.default === undefined ? "" : ` = ${printDefault(item.default)}`;
  const comment = item.comment === "" ? "" : `  # ${item.comment}`;
  return `${item.name}${value} : ${item.typeText}${comment}`;
}

function printDefault(value: ColumnDefault): string {
  if (value.kind === "null") return "null";
  return value.kind === "sql" ? value.text : `'${value.text.replaceAll("'", "''")}'`;
}

function printForeignKey(item: ForeignKeyLine): string {
  const options = [...(item.nullable ? ["nullable"] : []), ...(item.unique ? ["unique"] : [])];
  const renames = Object.entries(item.renames).map(([to, from]) => `${to}='${from}'`);
  const brackets = options.length === 0 ? "" : `[${options.join(", ")}] `;
  const projection = renames.length === 0 ? "" : `.proj(${renames.join(", ")})`;
  return `-> ${brackets}${item.reference}${projection}`;
}
