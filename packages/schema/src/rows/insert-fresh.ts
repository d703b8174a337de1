import { hashKey, pathHash, type Session } from "@mortise/sql";
import type { InsertOptions } from "../types/index.ts";
import type { EncodedRow } from "./encode-row.ts";
import { notStored } from "./errors.ts";
import { existingKeys } from "./existing-keys.ts";
import type { InsertCall } from "./insert-modes.ts";
import { insertEncoded, type OnDuplicate, rowsPerStatement } from "./insert-statements.ts";

/** What became of the rows of one statement sequence. */
export interface InsertOutcome {
  readonly inserted: number;
  /** Objects of rows that turned out to be there already: nobody refers to them. */
  readonly unused: readonly string[];
}

/**
 * The rows of W3. Only the database knows which of them it skips: keys that are different texts may be equal to it, and
 * rows of others may have appeared since the look before the upload. So where rows with objects were skipped, all are
 * inserted again one by one, to learn whose objects nobody refers to.
 */
export async function insertFresh(
  call: Pick<InsertCall, "target" | "options" | "operation">,
  rows: readonly EncodedRow[],
  session: Session,
): Promise<InsertOutcome> {
  const { target, options, operation } = call;
  const { signal } = operation;
  const onDuplicate = onDuplicateOf(options);
  if (onDuplicate !== "skip" || !rows.some((row) => row.planned.length > 0)) {
    const inserted = await insertEncoded(target, rows, session, onDuplicate, signal);
    const missing = rows.length - inserted;
    if (missing !== 0 && onDuplicate === "error") throw notStored(target, missing);
    if (missing !== 0 && onDuplicate === "skip") await requireThere(call, rows, missing, session);
    return { inserted, unused: [] };
  }
  const insert = (some: readonly EncodedRow[]): Promise<number> =>
    insertEncoded(target, some, session, onDuplicate, signal);
  const skipped: EncodedRow[] = [];
  for (let start = 0; start < rows.length; start += rowsPerStatement) {
    const some = rows.slice(start, start + rowsPerStatement);
    const savepoint = await session.savepoint();
    if ((await insert(some)) === some.length) {
      await savepoint.release();
      continue;
    }
    await savepoint.rollback();
    for (const row of some) if ((await insert([row])) === 0) skipped.push(row);
  }
  if (skipped.length > 0) await requireThere(call, skipped, skipped.length, session);
  return { inserted: rows.length - skipped.length, unused: skipped.flatMap(objectsOf) };
}

/**
 * Throws where rows among `skipped` are not in the table: a trigger or rule has dropped them, or something else than their
 * key was the duplicate.
 */
async function requireThere(
  { target, operation }: Pick<InsertCall, "target" | "operation">,
  skipped: readonly EncodedRow[],
  missing: number,
  session: Session,
): Promise<void> {
  // A table without a key has one row at most, and no key to look for it by.
  if (target.key.length === 0) return;
  const accepted = skipped.map((row) => row.accepted);
  const known = new Set(accepted.flatMap(({ keyText }) => keyText ?? []));
  const found = await existingKeys(target, accepted, session, operation.signal);
  if (found.size < known.size) throw notStored(target, missing);
}

function onDuplicateOf(options: InsertOptions): OnDuplicate {
  if (options.replace === true) return "replace";
  return options.skipDuplicates === true ? "skip" : "error";
}

function objectsOf(row: EncodedRow): readonly string[] {
  return row.planned.map(({ planned: { reference } }) => hashKey(pathHash(reference.store, reference.path)));
}
