import type { Executor } from "@mortise/sql";
import { createLimiter } from "../objects/limiter.ts";
import type { ObjectWork } from "../objects/work.ts";
import { type AcceptedRow, type AcceptOptions, acceptRow } from "./accept-row.ts";
import { type EncodedRow, encodePlainRow, encodeRow } from "./encode-row.ts";
import { duplicateKey } from "./errors.ts";
import { existingKeys } from "./existing-keys.ts";
import type { WriteTarget } from "./target.ts";

/** What to do about rows that are there, and names that are not. */
export interface PrepareOptions extends AcceptOptions {
  readonly skipDuplicates?: boolean | undefined;
  /** Existing rows are replaced, so that an existing key is no mistake. */
  readonly replace?: boolean | undefined;
  /** Keys of an earlier batch, as `keyText`, which the table will have before this one is inserted. */
  readonly inFlight?: ReadonlySet<string | undefined> | undefined;
  readonly signal: AbortSignal;
}

/** Rows that may be encoded, and how many were left out as duplicates. */
export interface AcceptedRows {
  readonly rows: readonly AcceptedRow[];
  readonly skipped: number;
}

/** Rows encoded side by side: compression runs in the thread pool while others hash. */
const encoders = { concurrency: 8, bytes: Number.POSITIVE_INFINITY };

/**
 * Checks every row, among themselves and against the table, before anything is written. The table is asked only where
 * that saves an upload: without objects the insert itself finds duplicates.
 */
export async function acceptRows(
  target: WriteTarget,
  rows: Iterable<unknown>,
  start: number,
  executor: Executor,
  options: PrepareOptions,
): Promise<AcceptedRows> {
  const accepted: AcceptedRow[] = [];
  const seen = new Map<string, number>();
  let skipped = 0;
  let index = start;
  for (const row of rows) {
    const accepting = acceptRow(target, row, index, options);
    const candidate = accepting instanceof Promise ? await accepting : accepting;
    index += 1;
    const earlier = candidate.keyText === undefined ? undefined : seen.get(candidate.keyText);
    if (earlier === undefined) {
      if (candidate.keyText !== undefined) seen.set(candidate.keyText, candidate.index);
      accepted.push(candidate);
    } else if (options.skipDuplicates === true) {
      skipped += 1;
    } else {
      throw duplicateKey(target, candidate.index, showKey(candidate), `is also that of row ${earlier}`);
    }
  }
  const ask = options.replace !== true && (options.skipDuplicates === true || target.external);
  if (!ask) return { rows: accepted, skipped };
  const existing = await existingKeys(target, accepted, executor, options.signal);
  const isThere = ({ keyText }: AcceptedRow): boolean =>
    keyText !== undefined && (existing.has(keyText) || options.inFlight?.has(keyText) === true);
  const first = accepted.find(isThere);
  if (first === undefined) return { rows: accepted, skipped };
  if (options.skipDuplicates !== true) {
    throw duplicateKey(target, first.index, showKey(first), "is in the table already");
  }
  const fresh = accepted.filter((row) => !isThere(row));
  return { rows: fresh, skipped: skipped + accepted.length - fresh.length };
}

/** Reads, hashes and encodes; writes nothing. */
export async function encodeRows(
  target: WriteTarget,
  rows: readonly AcceptedRow[],
  work: ObjectWork,
): Promise<readonly EncodedRow[]> {
  if (target.columns.every(({ attribute }) => attribute.codec === undefined)) {
    work.signal.throwIfAborted();
    return rows.map((row) => encodePlainRow(target, row));
  }
  const limiter = createLimiter(encoders);
  const encoding = rows.map((row) =>
    limiter.run(0, async () => {
      work.signal.throwIfAborted();
      return await encodeRow(target, row, work);
    }),
  );
  // All must have ended before an error leaves: an encoder that still spools must not meet a removed folder.
  await Promise.allSettled(encoding);
  return await Promise.all(encoding);
}

function showKey(row: AcceptedRow): string {
  return JSON.stringify(row.key, (_, value: unknown) => (typeof value === "bigint" ? `${value}` : value));
}
