/** A chunk of bytes, whatever kind of buffer it views. */
export type Bytes = Uint8Array;

/** Everything that can be written: streams are read once, the others can be read again after a failed attempt. */
export type ByteSource = Bytes | Blob | ReadableStream<Bytes> | AsyncIterable<Bytes>;

/** Options that every operation with I/O takes. */
export interface OperationOptions {
  /** Aborting rejects with a store error of code `aborted` and closes the socket or file. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for the whole operation; exceeded, it rejects with code `timeout`. */
  readonly timeoutMs?: number | undefined;
}

/** Bytes moved so far; `total` is absent where it is not known in advance. */
export interface Progress {
  readonly bytes: number;
  readonly total?: number | undefined;
}
