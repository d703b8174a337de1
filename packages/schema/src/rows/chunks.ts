/** Where an iterable is cut: at this many rows or about this many bytes, whichever comes first. */
export interface ChunkLimits {
  readonly rows: number;
  readonly bytes: number;
}

/** 1 000 rows are cheap in one statement of any database; 64 MiB bound what an iterable's batch holds in memory. */
export const defaultLimits: ChunkLimits = { rows: 1000, bytes: 64 * 1024 * 1024 };

/** Consecutive rows, and the position of the first of them in what the caller gave. */
export interface Chunk<Row> {
  readonly start: number;
  readonly rows: readonly Row[];
}

/** Cuts rows into chunks as they are asked for; never reads further ahead than the chunk it returns. */
export async function* chunksOf<Row>(
  rows: Iterable<Row> | AsyncIterable<Row>,
  limits: ChunkLimits,
  sizeOf: (row: Row) => number = roughSize,
): AsyncGenerator<Chunk<Row>, void, undefined> {
  let start = 0;
  let bytes = 0;
  let pending: Row[] = [];
  const isFull = (row: Row): boolean => {
    pending.push(row);
    bytes += sizeOf(row);
    return pending.length >= limits.rows || bytes >= limits.bytes;
  };
  const take = (): Chunk<Row> => {
    const chunk = { start, rows: pending };
    start += pending.length;
    pending = [];
    bytes = 0;
    return chunk;
  };
  // An array's rows are not waited for one by one: that takes longer than what is done with them.
  if (Array.isArray(rows)) for (const row of rows as readonly Row[]) if (isFull(row)) yield take();
  if (!Array.isArray(rows)) for await (const row of rows) if (isFull(row)) yield take();
  if (pending.length > 0) yield take();
}

/**
 * About how many bytes a row keeps in memory, cheaply: buffers, also one level down (`{ data, shape }`), and text.
 * Encoders know better but run after the cut.
 */
export function roughSize(row: unknown): number {
  if (typeof row !== "object" || row === null) return 0;
  let bytes = 0;
  for (const value of Object.values(row)) bytes += sizeOfValue(value, 1);
  return bytes;
}

/** Looks one level down only: a walk through deep values would cost more than the estimate is worth. */
function sizeOfValue(value: unknown, depth: number): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 8;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.byteLength;
  if (Array.isArray(value)) return value.length * 8;
  if (depth === 0 || value instanceof Blob) return 8;
  let bytes = 0;
  for (const part of Object.values(value)) bytes += sizeOfValue(part, depth - 1);
  return bytes;
}
