import type { Database } from "@mortise/sql";
import { WriteUnit } from "../objects/unit.ts";
import type { PlannedCell } from "../objects/upload.ts";
import type { ObjectWork } from "../objects/work.ts";
import type { Frame } from "../transaction/current.ts";
import type { TransactionScope } from "../transaction/scope.ts";
import type { InsertOptions, InsertSummary } from "../types/index.ts";
import type { AcceptedRow } from "./accept-row.ts";
import { type ChunkLimits, chunksOf } from "./chunks.ts";
import type { EncodedRow } from "./encode-row.ts";
import { insertFresh } from "./insert-fresh.ts";
import type { WriteOperation } from "./operation.ts";
import { pipeline } from "./pipeline.ts";
import { type AcceptedRows, acceptRows, encodeRows, type PrepareOptions } from "./prepare.ts";
import { addTotals, newSummary, type RunningSummary, withCommittedRows } from "./summary.ts";
import type { WriteTarget } from "./target.ts";

/** One call of insert, with everything looked up. */
export interface InsertCall {
  readonly operation: WriteOperation;
  readonly target: WriteTarget;
  readonly rows: Iterable<unknown> | AsyncIterable<unknown>;
  readonly options: InsertOptions;
  readonly limits: ChunkLimits;
  readonly database: Database;
}

/** Rows that are encoded and registered, and the objects they wait for. */
interface ReadyChunk {
  readonly work: ObjectWork;
  readonly rows: readonly EncodedRow[];
  readonly cells: readonly PlannedCell[];
  readonly skipped: number;
}

/** All rows in one transaction: every row is checked before the first object is written. */
export async function insertAtOnce(call: InsertCall): Promise<InsertSummary> {
  const { operation, target, database } = call;
  const summary = newSummary();
  const all = Array.isArray(call.rows) ? (call.rows as readonly unknown[]) : await Array.fromAsync(call.rows);
  const accepted = await acceptRows(target, all, 0, database, prepareOptions(call));
  summary.skipped = accepted.skipped;
  if (accepted.rows.length === 0) return summary;
  const { engine } = operation.environment;
  const unit = new WriteUnit(target.binding.schema);
  const done: ReadyChunk[] = [];
  try {
    const chunks = chunksOf(accepted.rows, call.limits, (row) => sizeOfAccepted(row));
    await pipeline(
      async () => {
        const next = await chunks.next();
        return next.done === true ? undefined : await ready(call, unit, next.value.rows, 0);
      },
      async (chunk) => {
        await operation.upload(chunk.cells);
        done.push(chunk);
      },
      async () => undefined,
    );
    const rows = done.flatMap((chunk) => chunk.rows);
    const outcome = await engine.commit(unit, {
      signal: operation.signal,
      rows: (session) => insertFresh(call, rows, session),
      again: () => repeat(operation, done),
    });
    await engine.fail(unit, { ids: outcome.unused });
    summary.inserted = outcome.inserted;
    summary.skipped += rows.length - outcome.inserted;
  } catch (error) {
    await engine.fail(unit);
    throw error;
  }
  addTotals(summary, unit.totals);
  return summary;
}

/** A transaction per batch: W1 of the next one runs during the uploads of this one. */
export async function insertByBatch(call: InsertCall): Promise<InsertSummary> {
  const { operation, target, database } = call;
  const { engine } = operation.environment;
  const summary = newSummary();
  const chunks = chunksOf(call.rows, call.limits);
  // Of the one batch that is being uploaded while the next is prepared.
  let inFlight: ReadonlySet<string | undefined> = new Set();
  const prepare = async (): Promise<ReadyChunk | undefined> => {
    operation.signal.throwIfAborted();
    const next = await chunks.next();
    if (next.done === true) return undefined;
    const unit = new WriteUnit(target.binding.schema);
    try {
      const { rows, start } = next.value;
      const accepted = await acceptRows(target, rows, start, database, { ...prepareOptions(call), inFlight });
      inFlight = new Set(accepted.rows.map(({ keyText }) => keyText));
      return await ready(call, unit, accepted.rows, accepted.skipped);
    } catch (error) {
      await engine.fail(unit);
      throw error;
    }
  };
  const finish = async (chunk: ReadyChunk): Promise<void> => {
    const { unit } = chunk.work;
    try {
      await operation.upload(chunk.cells);
      const outcome = await engine.commit(unit, {
        signal: operation.signal,
        rows: (session) => insertFresh(call, chunk.rows, session),
        again: () => repeat(operation, [chunk]),
      });
      await engine.fail(unit, { ids: outcome.unused });
      summary.inserted += outcome.inserted;
      summary.skipped += chunk.skipped + chunk.rows.length - outcome.inserted;
    } catch (error) {
      await engine.fail(unit);
      throw error;
    }
    addTotals(summary, unit.totals);
  };
  try {
    await pipeline(prepare, finish, (chunk) => engine.fail(chunk.work.unit));
  } catch (error) {
    throw withCommittedRows(error, summary);
  } finally {
    await chunks.return();
  }
  return summary;
}

/**
 * As part of a user's transaction: W1 and W2 at once, settled with everything else before its COMMIT. An array goes in
 * whole or not at all. Another iterable goes in batch by batch, because between them its own code runs, which may write too.
 */
export async function insertInTransaction(call: InsertCall, { scope, savepoint }: Frame): Promise<InsertSummary> {
  const summary = newSummary();
  const { target } = call;
  const before = { ...scope.unit(target.binding.schema).totals };
  const insertAll = async (rows: readonly unknown[], start: number): Promise<void> => {
    const accepted = await acceptRows(target, rows, start, scope.session, prepareOptions(call));
    await insertAccepted(call, accepted, scope, summary);
  };
  if (Array.isArray(call.rows)) {
    const rows = call.rows as readonly unknown[];
    await scope.exclusively(savepoint, () => insertAll(rows, 0));
  } else {
    try {
      for await (const chunk of chunksOf(call.rows, call.limits)) {
        await scope.exclusively(savepoint, () => insertAll(chunk.rows, chunk.start));
      }
    } catch (error) {
      throw withCommittedRows(error, summary);
    }
  }
  addTotals(summary, scope.unit(target.binding.schema).totals, before);
  return summary;
}

/** Rows that were all checked, chunk by chunk under one savepoint: they go in whole or not at all. */
async function insertAccepted(
  call: InsertCall,
  accepted: AcceptedRows,
  scope: TransactionScope,
  summary: RunningSummary,
): Promise<void> {
  const { operation, target } = call;
  const { engine } = operation.environment;
  const unit = scope.unit(target.binding.schema);
  const written = new Set<string>();
  let inserted = 0;
  const savepoint = await scope.session.savepoint();
  try {
    for await (const chunk of chunksOf(accepted.rows, call.limits, sizeOfAccepted)) {
      const prepared = await ready(call, unit, chunk.rows, 0, scope, written);
      await operation.upload(prepared.cells);
      const outcome = await insertFresh(call, prepared.rows, scope.session);
      await engine.fail(unit, { ids: outcome.unused, inTransaction: true });
      inserted += outcome.inserted;
    }
    await savepoint.release();
  } catch (error) {
    // The caller may catch this and commit the rest: what this call wrote must not stay behind.
    await scope.takeBack(savepoint, () => engine.fail(unit, { ids: written, inTransaction: true }));
    throw error;
  }
  summary.inserted += inserted;
  summary.skipped += accepted.skipped + accepted.rows.length - inserted;
}

/** Encodes and registers (W1). */
async function ready(
  call: InsertCall,
  unit: WriteUnit,
  accepted: readonly AcceptedRow[],
  skipped: number,
  scope?: TransactionScope,
  written?: Set<string>,
): Promise<ReadyChunk> {
  const work = call.operation.work(unit, written, scope);
  const rows = await encodeRows(call.target, accepted, work);
  const cells = rows.flatMap((row) => row.planned);
  await call.operation.protect(work, cells, scope);
  return { work, rows, cells, skipped };
}

/** After lost intents: W1 and W2 of everything under the new writer id. */
async function repeat(operation: WriteOperation, chunks: readonly ReadyChunk[]): Promise<void> {
  for (const chunk of chunks) await operation.protect(chunk.work, chunk.cells);
  for (const chunk of chunks) await operation.upload(chunk.cells);
}

function prepareOptions({ operation, options }: InsertCall): PrepareOptions {
  return { ...options, signal: operation.signal };
}

/** Only buffers weigh: the other values are as large encoded as they are now. */
function sizeOfAccepted(row: AcceptedRow): number {
  return row.values.reduce<number>((sum, value) => sum + (ArrayBuffer.isView(value) ? value.byteLength : 8), 0);
}
