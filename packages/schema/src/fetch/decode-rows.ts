import type { DatabaseRow } from "@mortise/sql";
import type { Decoder, FetchedRow } from "./decoder.ts";

/** Values in flight at a time: enough to keep a store busy, few enough to bound sockets and memory. */
export const decodeConcurrency = 64;

/** How long rows are converted before other work of the process gets its turn, in milliseconds. */
const sliceMs = 8;

/**
 * Decodes all rows, in order, a bounded number at a time. When one fails, the reads of the others are aborted through
 * `abort` and awaited, so that nothing goes on in the background of a rejected fetch.
 */
export async function decodeRows(
  raw: readonly DatabaseRow[],
  decoder: Decoder,
  control: AbortController,
): Promise<FetchedRow[]> {
  const rows: FetchedRow[] = [];
  rows.length = raw.length;
  let next = 0;
  let sliceStart = performance.now();
  const worker = async (): Promise<void> => {
    while (next < raw.length) {
      control.signal.throwIfAborted();
      const index = next++;
      const decoded = decoder.prepare(raw[index] as DatabaseRow).decode();
      rows[index] = decoded instanceof Promise ? await decoded : decoded;
      if ((index & 31) === 31 && performance.now() - sliceStart > sliceMs) {
        await nextTurn();
        sliceStart = performance.now();
      }
    }
  };
  const count = Math.min(raw.length, Math.max(1, Math.floor(decodeConcurrency / Math.max(1, decoder.external))));
  let failure: { readonly error: unknown } | undefined;
  await Promise.all(
    Array.from({ length: count }, () =>
      worker().catch((error: unknown) => {
        // The first error is the cause; those after it are its consequences.
        failure ??= { error };
        next = raw.length;
        control.abort(error);
      }),
    ),
  );
  if (failure !== undefined) throw failure.error;
  return rows;
}

/** A macrotask: a microtask would let nothing else run. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
