import { type DatabaseRow, type Executor, needsBigint } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import { type AcceptedRow, keyPart } from "./accept-row.ts";
import type { WriteTarget } from "./target.ts";

/** Keys per statement: an `OR` of more would exceed the depth of expressions that SQLite accepts. */
const keysPerStatement = 200;

/** Which of the rows' keys the table has already, as `keyText`. */
export async function existingKeys(
  target: WriteTarget,
  rows: readonly AcceptedRow[],
  executor: Executor,
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  if (target.key.length === 0) return found;
  const known = rows.filter((row) => row.keyText !== undefined);
  const bigints = target.key.some((column) => needsBigint(column.attribute.type));
  const columns = sql.join(target.key.map((column) => sql.id(column.attribute.name)));
  const table = target.dialect.table(target.binding.schema, target.binding.tableName);
  for (let start = 0; start < known.length; start += keysPerStatement) {
    const condition = keyCondition(target, known.slice(start, start + keysPerStatement));
    const statement = sql<DatabaseRow>`select ${columns} from ${table} where ${condition}`;
    const { rows: matches } = await executor.execute(statement, { signal, bigints });
    for (const match of matches) found.add(textOf(target, match));
  }
  return found;
}

/** One column is looked up by IN, several by OR: not every database takes lists of rows. */
function keyCondition(target: WriteTarget, rows: readonly AcceptedRow[]): ReturnType<typeof sql> {
  const [only] = target.key;
  if (only !== undefined && target.key.length === 1) {
    const values = rows.map((row) => sql`${bound(target, row, 0)}`);
    return sql`${sql.id(only.attribute.name)} in (${sql.join(values)})`;
  }
  const keys = rows.map((row) => {
    const parts = target.key.map(
      (column, position) => sql`${sql.id(column.attribute.name)} = ${bound(target, row, position)}`,
    );
    return sql`(${sql.join(parts, sql` and `)})`;
  });
  return sql`${sql.join(keys, sql` or `)}`;
}

/** In the form in which the row itself would be bound, or equal keys would not be found equal. */
function bound(target: WriteTarget, row: AcceptedRow, position: number): unknown {
  const column = target.key[position];
  if (column === undefined) return undefined;
  return target.dialect.toDatabase(column.attribute.type, row.values[column.index]);
}

/** The same text as an accepted row's `keyText`, from what the driver delivers. */
function textOf(target: WriteTarget, row: DatabaseRow): string {
  let text = "";
  for (const { attribute } of target.key) {
    const value = target.dialect.fromDatabase(attribute.type, row[attribute.name]);
    text += keyPart(target.dialect.toDatabase(attribute.type, value));
  }
  return text;
}
