import { type DatabaseRow, type Executor, needsBigint } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import { hasKey } from "../compile/delete-statements.ts";
import { type AcceptedRow, keyPart } from "./accept-row.ts";
import type { WriteTarget } from "./target.ts";

/** Keys per statement: with a key of several columns more would exceed the values that some databases bind. */
const keysPerStatement = 200;

/** Which of the rows' keys the table has already, as the rows' own `keyText`, by what the database calls equal. */
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
  const names = target.key.map((column) => column.attribute.name);
  const columns = sql.join(names.map((name) => sql.id(name)));
  const typed = target.key.map(({ attribute }) => attribute);
  const { dialect } = target;
  const table = dialect.table(target.binding.schema, target.binding.tableName);
  const find = async (some: readonly AcceptedRow[]): Promise<ReadonlySet<string>> => {
    // In the form in which the rows themselves are bound, or equal keys would not be found equal.
    const keys = some.map(({ values }) =>
      target.key.map(({ attribute, index }) => dialect.toDatabase(attribute.type, values[index])),
    );
    const statement = sql<DatabaseRow>`select ${columns} from ${table} where ${hasKey(typed, keys, dialect)}`;
    const { rows: matches } = await executor.execute(statement, { signal, bigints });
    return new Set(matches.map((match) => textOf(target, match)));
  };
  for (let start = 0; start < known.length; start += keysPerStatement) {
    const some = known.slice(start, start + keysPerStatement);
    const texts = await find(some);
    const isThere = ({ keyText = "" }: AcceptedRow): boolean => texts.has(keyText);
    const there = some.filter(isThere);
    // A key that nobody asked for is equal to one that somebody did, to the database (`a` and `A` on MySQL): which?
    const others = there.length === texts.size ? [] : some.filter((row) => !isThere(row));
    for (const row of others) if ((await find([row])).size > 0) there.push(row);
    for (const { keyText = "" } of there) found.add(keyText);
  }
  return found;
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
