import type { Session } from "@mortise/sql";
import { useDefault } from "@mortise/sql";
import type { EncodedRow } from "./encode-row.ts";
import { isRefusal, refusedAt } from "./errors.ts";
import type { WriteTarget } from "./target.ts";

/** What happens to a row whose key is in the table. */
export type OnDuplicate = "error" | "skip" | "replace";

/** Rows per call of the dialect, which cuts them further where a statement takes fewer: each has a price of its own. */
export const rowsPerStatement = 5000;

/** Inserts encoded rows; answers how many the database took. */
export async function insertEncoded(
  target: WriteTarget,
  rows: readonly EncodedRow[],
  session: Session,
  onDuplicate: OnDuplicate,
  signal: AbortSignal,
): Promise<number> {
  // A row that replaces another one takes its defaults too: a column that is left out would keep the old value.
  const used =
    onDuplicate === "replace"
      ? target.columns
      : target.columns.filter(({ index }) => rows.some((row) => row.cells[index] !== useDefault));
  // A row of nothing but defaults still needs a column to name.
  const columns = used.length > 0 ? used.map((column) => column.attribute.name) : target.primaryKey;
  const insert = async (some: readonly EncodedRow[]): Promise<number> => {
    const statements = target.dialect.insert({
      schema: target.binding.schema,
      table: target.binding.tableName,
      columns,
      primaryKey: target.primaryKey,
      rows: some.map(({ cells }) =>
        used.length === cells.length
          ? cells
          : used.length > 0
            ? used.map(({ index }) => cells[index])
            : columns.map(() => useDefault),
      ),
      onDuplicate,
    });
    let affected = 0;
    // What the statements before a refused one have inserted must not refuse the same rows below.
    const savepoint = statements.length > 1 ? await session.savepoint() : undefined;
    try {
      for (const statement of statements) affected += (await session.execute(statement, { signal })).affected;
      await savepoint?.release();
    } catch (error) {
      if (!isRefusal(error)) throw error;
      await savepoint?.rollback();
      if (some.length === 1) throw refusedAt(error, target, `row ${some[0]?.accepted.index}`);
      // By halves, to tell which row it was: what this inserts goes with the error.
      const half = some.length >> 1;
      for (const part of [some.slice(0, half), some.slice(half)]) {
        await insert(part).catch((again) => Promise.reject(isRefusal(again) ? again : error));
      }
      throw error;
    }
    return affected;
  };
  let affected = 0;
  for (let start = 0; start < rows.length; start += rowsPerStatement) {
    affected += await insert(rows.slice(start, start + rowsPerStatement));
  }
  return affected;
}
