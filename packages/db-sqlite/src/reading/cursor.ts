import { setImmediate } from "node:timers/promises";
import { QueryError } from "@mortise/core";
import type { RowCursor, StreamOptions } from "@mortise/sql";
import { defaultWaitMs } from "@mortise/sql/driver";
import { type SqliteConnection, type SqlText, toRow } from "../connection/connection.ts";
import { translate } from "../errors.ts";
import { retryBusy } from "../transaction/busy.ts";
import type { Readers } from "./readers.ts";

const defaultBatch = 256;

/** Batches of rows from a connection of their own: a snapshot that neither waits for writers nor stops them. */
export function openCursor<Row>(readers: Readers, sql: () => SqlText, options: StreamOptions): RowCursor<Row> {
  let reading: AsyncGenerator<readonly Row[]> | undefined;
  return {
    [Symbol.asyncIterator](): AsyncIterator<readonly Row[]> {
      if (reading !== undefined) {
        throw new QueryError("invalid-query", "a stream can be read once", { hint: "start another stream" });
      }
      reading = batches<Row>(readers, sql, options);
      return reading;
    },
    async [Symbol.asyncDispose]() {
      await reading?.return(undefined);
    },
  };
}

async function* batches<Row>(
  readers: Readers,
  sql: () => SqlText,
  options: StreamOptions,
): AsyncGenerator<readonly Row[]> {
  const { signal, batch = defaultBatch } = options;
  signal?.throwIfAborted();
  const connection = readers.take();
  let rows: ReturnType<typeof rowBatches> | undefined;
  try {
    // Only the first step can meet a lock: that of another process which recovers the log of a killed one.
    let step = await retryBusy(
      () => {
        rows = rowBatches(connection, sql(), batch, options.bigints);
        return rows.next();
      },
      { signal, timeoutMs: defaultWaitMs },
    );
    while (step.done !== true) {
      yield step.value as Row[];
      // A consumer that never waits for anything would otherwise keep the event loop to itself.
      await setImmediate();
      signal?.throwIfAborted();
      step = rows?.next() ?? { done: true, value: undefined };
    }
  } catch (error) {
    throw translate(error);
  } finally {
    rows?.return(undefined);
    readers.giveBack(connection);
  }
}

function* rowBatches(
  connection: SqliteConnection,
  { text, values }: SqlText,
  size: number,
  bigints: boolean | undefined,
): Generator<Record<string, unknown>[], undefined> {
  const release = connection.holdTables(text);
  try {
    const { statement, columns } = connection.prepare(text, bigints);
    let rows: Record<string, unknown>[] = [];
    for (const row of statement.iterate(...values) as Iterable<unknown>) {
      rows.push(toRow(columns, row as unknown[]));
      if (rows.length < size) continue;
      yield rows;
      rows = [];
    }
    if (rows.length > 0) yield rows;
  } finally {
    release();
  }
}
