import { type ColumnSpec, isAutoIncrement, isHidden, type TableSpec } from "@mortise/sql";
import { ownTierOf } from "../names/index.ts";
import { codecSpecOf } from "./column-line.ts";
import { valueText } from "./value-text.ts";

const withCodecs = "<Codecs = mortise.CodecsOf<undefined>>";

/** The TypeScript source for the tables of a schema, by the names that open them, parents first. */
export function typesText(schema: string, tables: ReadonlyMap<string, TableSpec>): string {
  const trees = treesOf(tables);
  const anyCodec = [...tables.values()].some(hasCodec);
  const entries = [...tables].map(
    ([name, spec]) => `  ${JSON.stringify(name)}: ${namespaceOf(name)}.Heading${hasCodec(spec) ? "<Codecs>" : ""};`,
  );
  return [
    `// Types of the tables of schema ${JSON.stringify(schema)}, written by generateTypes() of @mortise/schema: generate`,
    "// them again after a change of the tables, don't edit them.",
    'import type * as mortise from "@mortise/schema";',
    "",
    "/** The columns of every table, by the name that `schema.table()` takes. */",
    `export interface Tables${anyCodec ? withCodecs : ""} {`,
    ...entries,
    "}",
    ...trees.flatMap((tree) => ["", ...namespaceLines(tree, "export declare ")]),
    "",
  ].join("\n");
}

/** A table and, for a master, its parts. A part without master has a tree of its own, without a table at its root. */
interface Tree {
  readonly name: string;
  spec: TableSpec | undefined;
  readonly parts: Tree[];
}

function treesOf(tables: ReadonlyMap<string, TableSpec>): readonly Tree[] {
  const roots = new Map<string, Tree>();
  for (const [name, spec] of tables) {
    const [root = "", part] = namespaceOf(name).split(".");
    const tree = roots.get(root) ?? { name: root, spec: undefined, parts: [] };
    roots.set(root, tree);
    if (part === undefined) tree.spec = spec;
    else tree.parts.push({ name: part, spec, parts: [] });
  }
  return [...roots.values()];
}

/**
 * Class names are names already. A table's own name, where two share a class name, may be none (`#rig`) or a reserved
 * word (`default`): its tier stands before it.
 */
function namespaceOf(name: string): string {
  if (/^[A-Z]/.test(name)) return name;
  return `${ownTierOf(name) ?? ""}_${name.replace(/^[#_]+/, "")}`;
}

function namespaceLines({ name, spec, parts }: Tree, before: string): readonly string[] {
  const members = spec === undefined ? [] : tableLines(spec);
  const nested = parts.flatMap((part) => namespaceLines(part, "export "));
  const title = spec === undefined ? [] : docLines(spec.comment === "" ? spec.name : `${spec.name}: ${spec.comment}`);
  return [...title, `${before}namespace ${name} {`, ...[...members, ...nested].map(indented), "}"];
}

/** The columns, and what is fetched and inserted; with the codecs as a parameter where a column has one. Keys have none. */
function tableLines(spec: TableSpec): readonly string[] {
  const [given, passed] = hasCodec(spec) ? [withCodecs, "<Codecs>"] : ["", ""];
  const columns = spec.columns.filter(({ name }) => !isHidden(name));
  const member = (column: ColumnSpec): readonly string[] => [
    ...docLines(column.comment),
    `readonly ${nameText(column.name)}: ${columnText(column, spec)};`,
  ];
  return [
    `export interface Heading${given} {`,
    ...columns.flatMap(member).map(indented),
    "}",
    `export type Row${given} = mortise.FetchRow<Heading${passed}>;`,
    `export type NewRow${given} = mortise.InsertRow<Heading${passed}>;`,
    "export type Key = mortise.FetchKey<Heading>;",
  ];
}

function columnText(column: ColumnSpec, { primaryKey }: TableSpec): string {
  const { name, nullable, default: value } = column;
  const optional = nullable || value !== undefined || isAutoIncrement(column.type);
  const role = JSON.stringify(`${primaryKey.includes(name) ? "key" : "value"}${optional ? "?" : ""}`);
  const codec = codecOf(column);
  if (codec !== undefined) {
    return `mortise.CodecHeading<${JSON.stringify(codec)}, Codecs, ${role}${nullable ? ", null" : ""}>`;
  }
  const { fetch, insert } = valueText(column);
  const also = nullable && fetch !== "unknown" ? " | null" : "";
  return `mortise.Column<${fetch}${also}, ${insert}${also}, ${role}>`;
}

function hasCodec({ columns }: TableSpec): boolean {
  return columns.some((column) => !isHidden(column.name) && codecOf(column) !== undefined);
}

function codecOf({ marker }: ColumnSpec): string | undefined {
  return marker?.startsWith("<") === true ? (codecSpecOf(marker)?.name ?? marker) : undefined;
}

function nameText(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

/** Comments are other people's text: none may end the comment it stands in. */
function docLines(text: string): readonly string[] {
  const shown = text.replaceAll(/\s+/g, " ").trim().replaceAll("*/", "*\\/");
  return shown === "" ? [] : [`/** ${shown} */`];
}

function indented(line: string): string {
  return `  ${line}`;
}
