import type { Executor, ForeignKeySpec, IndexSpec, Statement } from "@mortise/sql";
import { sql } from "kysely";
import { indexPrefix } from "../dialect/index-clause.ts";
import { quoteName } from "../dialect/names.ts";
import { withoutEscapes } from "./expression.ts";

/** One part of one index. */
export interface IndexRow {
  readonly table: string;
  readonly name: string;
  readonly is_plain: number;
  /** Null where the part is an expression. */
  readonly column: string | null;
  readonly expression: string | null;
  /** Characters of the column that are indexed, null for all of them. */
  readonly prefix: number | null;
  /** `D` for descending. */
  readonly direction: string | null;
  readonly comment: string;
}

/** Parts of all indexes that order their rows, primary keys included; MariaDB has no column for expressions. */
export async function readIndexes(executor: Executor, schema: string, wanted: Statement): Promise<readonly IndexRow[]> {
  const { rows } = await executor.execute<IndexRow>(sql`
    select table_name as ${sql.id("table")}, index_name as ${sql.id("name")}, non_unique as is_plain,
      column_name as ${sql.id("column")}, ${sql.raw("/*!80013 expression */ /*M! null */")} as ${sql.id("expression")},
      sub_part as ${sql.id("prefix")}, collation as direction, index_comment as ${sql.id("comment")}
    from information_schema.statistics
    where table_schema = ${schema} and index_type in ('BTREE', 'HASH')${wanted}
    order by table_name, index_name, seq_in_index`);
  return rows;
}

/** Columns of the primary key in its order; none where the table has no key. */
export function primaryKeyOf(rows: readonly IndexRow[]): readonly string[] {
  return rows.filter(({ name }) => name === "PRIMARY").map(({ column }) => column ?? "");
}

/**
 * The declared indexes of a table. Those that the server has added for a foreign key look like any other, but only it
 * gives them exactly the columns of the key; nobody misses a declared one that looks the same. Likewise the unique index
 * that the type `serial` adds to the primary key.
 */
export function indexesOf(rows: readonly IndexRow[], foreignKeys: readonly ForeignKeySpec[]): readonly IndexSpec[] {
  const forKeys = new Set(foreignKeys.map(({ columns }) => columns.join()));
  const primaryKey = primaryKeyOf(rows).join();
  const groups = [...Map.groupBy(rows, ({ name }) => name).values()].filter((parts) => {
    const [first] = parts;
    if (first === undefined || first.name === "PRIMARY") return false;
    if (first.name.startsWith(indexPrefix)) return true;
    const columns = parts.map(({ column }) => column ?? "").join();
    return first.is_plain === 0 ? columns !== primaryKey : !forKeys.has(columns);
  });
  return groups.toSorted(byNumber).map((parts) => ({ unique: parts[0]?.is_plain === 0, items: itemsOf(parts) }));
}

/** Ours carry their place in the definition; all others come after them, in the order of their names. */
function byNumber([a]: readonly IndexRow[], [b]: readonly IndexRow[]): number {
  return numberOf(a) - numberOf(b);
}

function numberOf(row: IndexRow | undefined): number {
  const isOurs = row?.name.startsWith(indexPrefix) === true;
  return isOurs ? Number(row.name.slice(indexPrefix.length)) : Number.MAX_SAFE_INTEGER;
}

function itemsOf(parts: readonly IndexRow[]): IndexSpec["items"] {
  const written = writtenItems(parts);
  return parts.map((part, index) => {
    if (part.column === null) return { expression: written?.[index] ?? expressionItem(part.expression ?? "") };
    if (part.prefix === null && part.direction !== "D") return { column: part.column };
    if (written?.[index] !== undefined) return { expression: written[index] };
    const length = part.prefix === null ? "" : `(${part.prefix})`;
    return { expression: `${quoteName(part.column)}${length}${part.direction === "D" ? " DESC" : ""}` };
  });
}

/** The items as they were written, which our indexes keep in their comment. */
function writtenItems(parts: readonly IndexRow[]): readonly string[] | undefined {
  const [first] = parts;
  if (first?.name.startsWith(indexPrefix) !== true || !first.comment.startsWith("[")) return undefined;
  try {
    const items = JSON.parse(first.comment) as unknown;
    const isList = Array.isArray(items) && items.length === parts.length;
    return isList && items.every((item) => typeof item === "string") ? items : undefined;
  } catch {
    // Somebody has changed the comment.
    return undefined;
  }
}

/** ``json_value(`j`, _utf8mb4'$.x.y' returning char(20))`` as the definition language writes it: `j.x.y:char(20)`. */
const jsonValue = /^json_value\(`(\w+)`, ?_utf8mb4'\$\.([\w.*[\]]+)'(?: returning ([\w(,) ]+))?\)$/i;

function expressionItem(shown: string): string {
  const text = withoutEscapes(shown);
  const [, column, path, type] = jsonValue.exec(text) ?? [];
  if (column === undefined) return `(${text})`;
  return `${column}.${path}${type === undefined ? "" : `:${type}`}`;
}
