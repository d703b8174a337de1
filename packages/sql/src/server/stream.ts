import { QueryError } from "@mortise/core";
import type { DatabaseRow, RowCursor, StreamOptions } from "../database.ts";
import type { ServerDriver, SqlText } from "./driver.ts";
import type { Lease } from "./pool.ts";
import { cancellable } from "./running.ts";

const defaultBatch = 256;

/** Where a stream gets its statement and connection from. */
export interface StreamSource {
  readonly driver: ServerDriver;
  compile(): SqlText;
  take(): Promise<Lease>;
}

/** Batches of rows from a connection of their own. Disposing cancels a read that is still waiting for the server. */
export function openCursor<Row>(source: StreamSource, options: StreamOptions): RowCursor<Row> {
  const disposed = new AbortController();
  const signal = options.signal === undefined ? disposed.signal : AbortSignal.any([options.signal, disposed.signal]);
  let reading: AsyncGenerator<readonly Row[]> | undefined;
  return {
    [Symbol.asyncIterator](): AsyncIterator<readonly Row[]> {
      if (reading !== undefined) {
        throw new QueryError("invalid-query", "a stream can be read once", { hint: "start another stream" });
      }
      reading = batches(source, { ...options, signal }) as AsyncGenerator<readonly Row[]>;
      return reading;
    },
    async [Symbol.asyncDispose]() {
      // Where the consumer has left the loop this finds nothing to cancel.
      disposed.abort(new QueryError("invalid-query", "the stream was disposed of while it was read"));
      await reading?.return(undefined);
    },
  };
}

async function* batches(source: StreamSource, options: StreamOptions): AsyncGenerator<readonly DatabaseRow[]> {
  const { signal, batch = defaultBatch, bigints } = options;
  const { driver } = source;
  signal?.throwIfAborted();
  const sql = source.compile();
  const lease = await source.take();
  const work = { driver, connection: lease.connection, signal, keeps: false };
  const rows = lease.connection.stream(sql, { batch, bigints });
  let clean = false;
  try {
    for (;;) {
      const step = await cancellable(work, () => rows.next());
      if (step.done === true) break;
      yield step.value;
    }
    clean = true;
  } finally {
    clean = await ended(rows, clean);
    lease.end(clean);
  }
}

/** Ends the read where it was left; false where the connection can't be trusted afterwards. */
async function ended(rows: AsyncIterableIterator<unknown>, clean: boolean): Promise<boolean> {
  try {
    await rows.return?.();
    return true;
  } catch {
    return clean;
  }
}
