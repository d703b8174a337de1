import { AsyncLocalStorage } from "node:async_hooks";
import { checkOptions } from "@mortise/core";
import type { DatabaseRow, RowCursor } from "@mortise/sql";
import { invalidQuery } from "../query/errors.ts";
import type { QueryNode } from "../query/node.ts";
import { checkCount } from "../query/parse-order.ts";
import type { RowStream, StreamRowsOptions } from "../types/index.ts";
import { abortReason, linkAbort } from "./abort.ts";
import { decodeConcurrency } from "./decode-rows.ts";
import { createDecoder, type FetchedRow, type PreparedRow } from "./decoder.ts";
import { checkStillOpen, executeRead, hasBigints, openRead, type Read } from "./open-read.ts";

/** Decoded values that wait for the consumer, in bytes: with large values fewer rows are read ahead. */
const aheadBytes = 64 * 1024 * 1024;

/**
 * Rows one after another, the values of the next ones already on their way. Outside a transaction they come in batches
 * over a connection of the stream's own, so that the loop may write. Inside one the stream must see what the transaction
 * has written: rows are read page by page by their key, or all at once where the query has an order or a limit.
 */
export function streamRows(node: QueryNode, options: StreamRowsOptions = {}): RowStream<FetchedRow> {
  checkOptions("stream", options, ["batch", "signal"]);
  const batch = options.batch === undefined ? undefined : Math.max(1, checkCount("batch", options.batch));
  // The transaction it is made in is the one it reads in, wherever it is read.
  const here = AsyncLocalStorage.snapshot();
  let rows: AsyncGenerator<FetchedRow, void, undefined> | undefined;
  return {
    [Symbol.asyncIterator]: () => {
      if (rows !== undefined)
        throw invalidQuery(
          "a stream can be read once",
          "call stream() again; queries themselves can be iterated any number of times",
        );
      rows = readRows(() => here(openRead, node), { ...options, batch });
      return rows;
    },
    [Symbol.asyncDispose]: async () => {
      // A stream that was never read holds nothing; it must not start afterwards either.
      rows ??= readNothing();
      await rows.return();
    },
  };
}

async function* readRows(
  open: () => Promise<Read>,
  options: StreamRowsOptions,
): AsyncGenerator<FetchedRow, void, undefined> {
  using abort = linkAbort(options.signal);
  const { control } = abort;
  const read = await open();
  const decoder = createDecoder(read.block, read.database.dialect, read.project, control.signal);
  const ahead: Ahead[] = [];
  try {
    await using cursor = openCursor(read, options);
    let bytes = 0;
    for await (const batch of cursor) {
      for (const raw of batch) {
        const prepared = decoder.prepare(raw);
        const { weight } = prepared;
        while (ahead.length > 0 && (ahead.length >= decodeConcurrency || bytes + weight > aheadBytes)) {
          const first = ahead.shift() as Ahead;
          bytes -= first.weight;
          yield await first.row;
          control.signal.throwIfAborted();
          checkStillOpen(read, "a stream");
        }
        ahead.push(start(prepared));
        bytes += weight;
      }
    }
    for (let first = ahead.shift(); first !== undefined; first = ahead.shift()) {
      yield await first.row;
      control.signal.throwIfAborted();
      checkStillOpen(read, "a stream");
    }
  } catch (error) {
    throw abortReason(error, options.signal);
  } finally {
    // After `break` or an error nobody waits for these: end them, and leave nothing running behind.
    control.abort();
    await Promise.allSettled(ahead.map(async ({ row }) => row));
  }
}

/** A row on its way to the consumer. */
interface Ahead {
  readonly row: FetchedRow | Promise<FetchedRow>;
  readonly weight: number;
}

/** Begins to decode a row whose turn has not come. */
function start(prepared: PreparedRow): Ahead {
  const row = prepared.decode();
  // It is awaited in its turn; until then a failure must not count as unhandled.
  if (row instanceof Promise) row.catch(() => undefined);
  return { row, weight: prepared.weight };
}

/** Where the rows come from. Disposing it ends the read. */
function openCursor(read: Read, options: StreamRowsOptions): RowCursor {
  const { signal, batch } = options;
  const statement = read.compiler.fetchStatement(read.block, read.environment);
  if (!read.inTransaction) return read.database.stream(statement, { signal, batch, bigints: hasBigints(read.block) });
  return {
    [Symbol.asyncIterator]: () => readInTransaction(read, options),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** Statement by statement on the transaction's connection: an open cursor there would block the writes of the loop. */
async function* readInTransaction(read: Read, options: StreamRowsOptions): AsyncGenerator<readonly DatabaseRow[]> {
  const { compiler, block, environment } = read;
  if (!compiler.canPage(block)) {
    yield await executeRead(read, compiler.fetchStatement(block, environment), options.signal);
    return;
  }
  const size = options.batch ?? 256;
  let last: DatabaseRow | undefined;
  do {
    checkStillOpen(read, "a stream");
    const rows = await executeRead(
      read,
      compiler.pageStatement(block, last, size, read.database.dialect),
      options.signal,
    );
    // A copy, because whoever is given the rows may change them.
    last = rows.length < size ? undefined : { ...rows.at(-1) };
    yield rows;
  } while (last !== undefined);
}

/** What a stream that was disposed before its first read gives: nothing, without opening anything. */
async function* readNothing(): AsyncGenerator<FetchedRow, void, undefined> {}
