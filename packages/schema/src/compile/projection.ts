import type { Attribute } from "../heading/heading.ts";
import { invalidQuery, show } from "../query/errors.ts";
import { type FragmentText, isFragment } from "../query/fragment.ts";
import type { ProjectionNode } from "../query/node.ts";
import { acceptsText, type Block, columnNames, findColumn, type QueryColumn } from "./block.ts";
import type { Compile } from "./compile-node.ts";
import { derive } from "./derive.ts";
import type { Environment } from "./environment.ts";
import { compileFragment } from "./fragment.ts";
import { unknownIn } from "./names.ts";

/**
 * The key and what was named, in the order of the source; renamed columns stand where their source stood, computed ones
 * last (relational specification §7.5). The key can be renamed, never dropped: rows stay distinct.
 */
export function compileProjection(node: ProjectionNode, env: Environment, compile: Compile): Block {
  const source = compile(node.source, env);
  checkNames(node, source);
  const computes = [...node.mapped.values()].some(isFragment);
  // User-written SQL says the names that it sees; they must be real columns of one source.
  const block = computes && !acceptsText(source) ? derive(source, env) : source;
  const renames = new Map<string, string[]>();
  for (const [name, origin] of node.mapped)
    if (typeof origin === "string") renames.set(origin, [...(renames.get(origin) ?? []), name]);

  const columns: QueryColumn[] = [];
  const keyNames = new Map<string, string>();
  for (const column of block.columns) {
    const { name } = column.attribute;
    const names = renames.get(name) ?? [];
    const isKey = block.primaryKey.includes(name);
    const stays = node.kept.includes(name) || (isKey && names.length === 0);
    // Of a key column that is renamed twice, the first name carries the key.
    const keyName = stays ? name : names[0];
    if (isKey && keyName !== undefined) keyNames.set(name, keyName);
    if (stays) columns.push(column);
    for (const renamed of names) columns.push(rename(column, renamed, isKey && renamed === keyName));
  }
  for (const [name, origin] of node.mapped) if (isFragment(origin)) columns.push(compute(name, origin, block, env));
  checkColumnNames(columns, env);
  // The key keeps its own order, which need not be that of the columns.
  return { ...block, columns, primaryKey: block.primaryKey.map((name) => keyNames.get(name) ?? name) };
}

/** Keeps what the column is, its lineage included: renaming is how columns of different names are made to match. */
function rename(column: QueryColumn, name: string, inKey: boolean): QueryColumn {
  const kind = column.kind === "computed" ? "computed" : "renamed";
  return { ...column, kind, attribute: { ...column.attribute, name, inKey } };
}

/** Its type is not known: values are delivered as the driver gives them, and it has no lineage to match by. */
function compute(name: string, fragment: FragmentText, block: Block, env: Environment): QueryColumn {
  const attribute: Attribute = {
    name,
    type: { kind: "native", name: "expression", text: "expression" },
    declared: "expression",
    inKey: false,
    nullable: true,
    autoIncrement: false,
    comment: "",
  };
  return { attribute, expression: compileFragment(fragment, block, env), kind: "computed", origin: undefined };
}

/** A name that does not exist must not vanish from the result without a word (R-D14). */
function checkNames(node: ProjectionNode, source: Block): void {
  for (const name of [...node.kept, ...[...node.mapped.values()].filter((origin) => typeof origin === "string")])
    if (findColumn(source, name) === undefined) throw unknownIn("proj", name, columnNames(source));
}

/**
 * Two columns of one name would be one property of the fetched rows: one value would be lost. So would that of a name
 * that is too long: PostgreSQL cuts it off without an error.
 */
function checkColumnNames(columns: readonly QueryColumn[], env: Environment): void {
  const { maxIdentifierBytes } = env.dialect.traits;
  const seen = new Set<string>();
  for (const { name } of columns.map(({ attribute }) => attribute)) {
    if (seen.has(name))
      throw invalidQuery(
        `proj gives two columns the name ${show(name)}`,
        "the key stays in every projection: choose another name, or rename the key",
      );
    if (new TextEncoder().encode(name).length > maxIdentifierBytes)
      throw invalidQuery(`the name ${show(name)} in proj is longer than ${maxIdentifierBytes} bytes`);
    seen.add(name);
  }
}
