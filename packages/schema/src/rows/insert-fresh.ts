import { hashKey, pathHash, type Session } from "@mortise/sql";
import type { InsertOptions } from "../types/index.ts";
import type { EncodedRow } from "./encode-row.ts";
import { existingKeys } from "./existing-keys.ts";
import type { InsertCall } from "./insert-modes.ts";
import { insertEncoded, type OnDuplicate } from "./insert-statements.ts";

/** What became of the rows of one statement sequence. */
export interface InsertOutcome {
  readonly inserted: number;
  /** Objects of rows that turned out to be there already: nobody refers to them. */
  readonly unused: readonly string[];
}

/**
 * The rows of W3. With `skipDuplicates` the keys are looked up once more under the transaction: a row that appeared
 * since must not leave the objects that were just written for it.
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
    return { inserted: await insertEncoded(target, rows, session, onDuplicate, signal), unused: [] };
  }
  const accepted = rows.map((row) => row.accepted);
  const existing = await existingKeys(target, accepted, session, signal);
  const isThere = ({ accepted: { keyText } }: EncodedRow): boolean => keyText !== undefined && existing.has(keyText);
  const fresh = existing.size === 0 ? rows : rows.filter((row) => !isThere(row));
  return {
    inserted: await insertEncoded(target, fresh, session, onDuplicate, signal),
    unused: existing.size === 0 ? [] : rows.filter(isThere).flatMap(objectsOf),
  };
}

function onDuplicateOf(options: InsertOptions): OnDuplicate {
  if (options.replace === true) return "replace";
  return options.skipDuplicates === true ? "skip" : "error";
}

function objectsOf(row: EncodedRow): readonly string[] {
  return row.planned.map(({ planned: { reference } }) => hashKey(pathHash(reference.store, reference.path)));
}
