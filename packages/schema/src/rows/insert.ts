import { checkOptions } from "@mortise/core";
import type { TableBinding } from "../context.ts";
import { abortReason } from "../fetch/abort.ts";
import { invalidQuery } from "../query/errors.ts";
import type { Frame } from "../transaction/current.ts";
import type { InsertOptions, InsertSummary } from "../types/index.ts";
import { type ChunkLimits, defaultLimits } from "./chunks.ts";
import { type InsertCall, insertAtOnce, insertByBatch, insertInTransaction } from "./insert-modes.ts";
import { type WriteEnvironment, WriteOperation } from "./operation.ts";
import { rowsCommittedBefore, withCommittedRows } from "./summary.ts";
import { writeTarget } from "./target.ts";

const insertOptions: readonly (keyof InsertOptions)[] = [
  "skipDuplicates",
  "replace",
  "allowDirectInsert",
  "atomic",
  "ignoreExtraFields",
  "batch",
  "onProgress",
  "signal",
];

/**
 * Inserts rows: an array, or anything with `atomic`, in one transaction; another iterable batch by batch; inside a
 * transaction of the user's always as part of it.
 */
export async function insertRows(
  environment: WriteEnvironment,
  binding: TableBinding,
  rows: Iterable<unknown> | AsyncIterable<unknown>,
  options: InsertOptions,
): Promise<InsertSummary> {
  checkOptions("insert", options, insertOptions);
  refuseContradictions(binding, options);
  const frame = environment.current.get();
  // Joining a transaction comes first: a table that needs declaring must say so before anything is prepared.
  frame?.scope.executor();
  const insert = (): Promise<InsertSummary> =>
    insertWith(environment, binding, rows, options, frame).catch((error: unknown) => {
      const reason = abortReason(error, options.signal);
      throw reason === error ? error : withCommittedRows(reason, { inserted: rowsCommittedBefore(error) });
    });
  return frame === undefined ? await insert() : await frame.scope.track(frame.savepoint, insert);
}

async function insertWith(
  environment: WriteEnvironment,
  binding: TableBinding,
  rows: Iterable<unknown> | AsyncIterable<unknown>,
  options: InsertOptions,
  frame: Frame | undefined,
): Promise<InsertSummary> {
  const { database } = environment.engine.environment;
  const target = await writeTarget(binding, database, options.skipDuplicates === true || options.replace === true);
  await using operation = new WriteOperation(environment, options);
  const call: InsertCall = { operation, target, rows, options, limits: limitsOf(options), database };
  if (frame !== undefined) return await insertInTransaction(call, frame);
  if (Array.isArray(rows) || options.atomic === true) return await insertAtOnce(call);
  return await insertByBatch(call);
}

function limitsOf(options: InsertOptions): ChunkLimits {
  const rows = options.batch ?? defaultLimits.rows;
  if (Number.isSafeInteger(rows) && rows > 0) return { ...defaultLimits, rows };
  throw invalidQuery(`batch must be a positive number of rows, got ${String(rows)}`);
}

/** Contradictions are refused before the table is even declared. */
function refuseContradictions(binding: TableBinding, options: InsertOptions): void {
  if (options.replace === true && options.skipDuplicates === true) {
    throw invalidQuery(
      "replace and skipDuplicates contradict each other",
      "choose one: existing rows are either changed or kept",
    );
  }
  const { tier } = binding.master ?? binding;
  if ((tier === "computed" || tier === "imported") && options.allowDirectInsert !== true) {
    throw invalidQuery(
      `${binding.schema}.${binding.className} is ${tier}: its rows come from its computation`,
      "insert with { allowDirectInsert: true } if this code is that computation",
    );
  }
}
